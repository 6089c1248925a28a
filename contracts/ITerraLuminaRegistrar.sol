// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITerraLuminaOwnership} from "./ITerraLuminaOwnership.sol";

/// @title Checks the attestation of a KYC provider once and writes the account record. One active wallet per investor.
/// @notice What is registered stands in the ledger's AccountSet and WalletRelinked; this contract adds who vouched for it, and when.
interface ITerraLuminaRegistrar {
    /// @notice What an identity attestor signs: EIP-712, domain "TerraLuminaRegistrar" version "1".
    /// @param flags Bits 0 to 3 of {ITerraLuminaOwnership-Account}
    /// @param expiry Unix second after which the account can no longer receive; never 0
    /// @param country ISO 3166-1 numeric code
    /// @param investorId Never 0. Investors with neighbouring ids share storage, so counting up is cheapest
    /// @param issuedAt Unix second; must be later than that of the attestation used before, so old ones can't return
    /// @param deadline Unix second after which it may no longer be used
    /// @param replaces The wallet that a relink retires; zero in every other attestation
    struct Attestation {
        address account;
        uint8 flags;
        uint40 expiry;
        uint16 country;
        uint8 class;
        uint64 investorId;
        uint40 issuedAt;
        uint40 deadline;
        address replaces;
    }

    /// @notice Something changed by what this attestor signed; after the theft of a key these are the records to look at.
    /// @param digest See {hashOf} and {hashOfMany}
    event AttestationUsed(address indexed attestor, bytes32 indexed digest);
    /// @notice It is the investor's active wallet from here on; attestations issued up to `issuedAt` are void.
    event AccountAttested(uint64 indexed investorId, address indexed account, uint40 issuedAt);
    /// @notice The investor has no active wallet from here on; no attestation issued up to `issuedAt` brings it back.
    event AccountRevoked(uint64 indexed investorId, address indexed account, uint40 issuedAt);

    /// @notice No identity attestor signed exactly this for this registrar on this chain.
    /// @param recovered Who signed something, if not this; zero when it is no signature at all
    error InvalidAttestation(address recovered);
    /// @notice It names no investor, no expiry or an unknown flag.
    error MalformedAttestation(address account);
    /// @notice A registration replaces nothing; a relink says what it replaces.
    error WrongPurpose(address replaces);
    /// @param deadline Unix second until which it could be used
    error AttestationExpired(uint256 deadline);
    /// @param issuedAt Unix second, more than a day ahead
    error AttestationNotIssuedYet(uint256 issuedAt);
    /// @notice A newer attestation or a revocation came first.
    error AttestationOutdated(address account, uint256 issuedAt);
    /// @notice The investor's active wallet is another: relink it, or revoke it first.
    error InvestorHasOtherWallet(uint64 investorId, address account);
    /// @notice The address is zero, or not this investor's: it stays the first one's for ever.
    error InvalidAccount(address account);
    /// @notice It isn't an investor's active wallet.
    error AccountNotActive(address account);

    /// @notice Registers by attestation. Anyone may submit it; the signature is what counts.
    /// @return changed False for the identical attestation again, which changes nothing
    function register(Attestation calldata attestation, bytes calldata signature) external returns (bool changed);
    /// @notice {register} for each, under one signature for all of them. All or none; those registered before change nothing.
    /// @return changed How many were new
    function registerMany(Attestation[] calldata attestations, bytes calldata signature)
        external
        returns (uint256 changed);

    /// @notice Puts a new wallet in the place of an investor's lost one, with what it holds in the listed projects; see
    /// {ITerraLuminaOwnership-relinkWallet}; others follow by {ITerraLuminaOwnership-moveHoldings}. Needs the relinker's call
    /// and the attestor's signature: neither key alone can take a wallet.
    /// @return changed False for the identical relink again, which changes nothing
    function relink(Attestation calldata attestation, bytes calldata signature, uint256[] calldata projectIds)
        external
        returns (bool changed);
    /// @notice Takes every right from an investor's active wallet (sanctions, theft, request). Units stay, and so does a freeze.
    function revoke(address account) external;

    /// @notice Whether the investor has an active wallet: the one whose record in the ledger has an expiry.
    function isActive(uint64 investorId) external view returns (bool);
    /// @notice Unix second up to which attestations for the investor are void; 0 for one who was never registered.
    function lastIssuedAt(uint64 investorId) external view returns (uint40);
    /// @notice The EIP-712 digest that the attestor signs for one registration or relink.
    function hashOf(Attestation calldata attestation) external view returns (bytes32);
    /// @notice The EIP-712 digest that the attestor signs for a batch: AttestationBatch(Attestation[] attestations).
    function hashOfMany(Attestation[] calldata attestations) external view returns (bytes32);
    /// @notice The ledger it writes to; fixed.
    function ledger() external view returns (ITerraLuminaOwnership);
}
