// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITerraLuminaOwnership} from "./ITerraLuminaOwnership.sol";

/// @title Checks a KYC attestation once and writes the account record. One active wallet per investor.
interface ITerraLuminaRegistrar {
    /// @notice What the attestor signs (EIP-712, domain "TerraLuminaRegistrar" version "1").
    /// @param issuedAt Unix second; must be later than that of the record it replaces, so old ones can't return
    /// @param deadline Unix second after which it may no longer be used
    struct Attestation {
        address account;
        uint8 flags;
        uint40 expiry;
        uint16 country;
        uint8 class;
        uint64 investorId;
        uint40 issuedAt;
        uint40 deadline;
    }

    /// @notice `account` is the investor's active wallet from here on; its record is in the ledger's AccountSet.
    event AccountRegistered(uint64 indexed investorId, address indexed account, uint40 issuedAt);
    /// @notice The investor has no active wallet from here on.
    event AccountRevoked(uint64 indexed investorId, address indexed account);

    /// @notice No attestor signed exactly this, or it names no investor or an unknown flag.
    error InvalidAttestation();
    /// @param deadline Unix second until which it could be used
    error AttestationExpired(uint256 deadline);
    /// @notice A newer attestation or a revocation came first.
    error AttestationOutdated(address account, uint256 issuedAt);
    /// @notice Revoke the other wallet first.
    error InvestorHasOtherWallet(uint64 investorId, address wallet);
    /// @notice The address can't be registered: zero, or already another investor's for ever.
    error InvalidAccount(address account);
    /// @notice The investor has no active wallet.
    error InvestorNotActive(uint64 investorId);
    error LengthMismatch(uint256 attestations, uint256 signatures);

    /// @notice Registers by attestation. Anyone may submit it; the signature is what counts.
    /// The identical attestation again changes nothing.
    function register(Attestation calldata attestation, bytes calldata signature) external returns (bool changed);
    /// @notice {register} for each; all or none.
    function registerMany(Attestation[] calldata attestations, bytes[] calldata signatures) external;

    /// @notice Takes every right from an investor's account (sanctions, expiry, request). Units stay.
    function revoke(uint64 investorId) external;

    /// @notice The investor's active wallet; zero when there is none.
    function walletOf(uint64 investorId) external view returns (address);
    /// @notice The EIP-712 digest that the attestor signs.
    function hashOf(Attestation calldata attestation) external view returns (bytes32);
    /// @notice The ledger it writes to; fixed.
    function ledger() external view returns (ITerraLuminaOwnership);
}
