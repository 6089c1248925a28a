// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ITerraLuminaOwnership} from "./ITerraLuminaOwnership.sol";
import {ITerraLuminaRegistrar} from "./ITerraLuminaRegistrar.sol";

/// @title Turns a KYC attestation into an account record, once. Transfers then read one slot and no signature.
contract TerraLuminaRegistrar is ITerraLuminaRegistrar, AccessControl, EIP712 {
    /// @notice Signs attestations; sends nothing.
    bytes32 public constant ATTESTOR_ROLE = keccak256("ATTESTOR_ROLE");
    bytes32 public constant REVOKER_ROLE = keccak256("REVOKER_ROLE");

    bytes32 private constant ATTESTATION_TYPEHASH = keccak256(
        "Attestation(address account,uint8 flags,uint40 expiry,uint16 country,uint8 class,uint64 investorId,uint40 issuedAt,uint40 deadline)"
    );
    uint8 private constant KNOWN_FLAGS = 0x0f;

    /// @param wallet The investor's active wallet; zero after a revocation
    /// @param issuedAt Of the newest attestation used, or the time of the revocation
    struct Registration {
        address wallet;
        uint40 issuedAt;
    }

    /// @inheritdoc ITerraLuminaRegistrar
    ITerraLuminaOwnership public immutable ledger;
    mapping(uint64 investorId => Registration) private _registrations;

    constructor(address admin, ITerraLuminaOwnership ledger_) EIP712("TerraLuminaRegistrar", "1") {
        ledger = ledger_;
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
    }

    /// @inheritdoc ITerraLuminaRegistrar
    function register(Attestation calldata attestation, bytes calldata signature) public returns (bool changed) {
        if (block.timestamp > attestation.deadline) revert AttestationExpired(attestation.deadline);
        _requireSignedByAttestor(attestation, signature);
        if (_isReplay(attestation)) return false;
        _registrations[attestation.investorId] = Registration(attestation.account, attestation.issuedAt);
        ledger.setAccount(attestation.account, _recordOf(attestation));
        emit AccountRegistered(attestation.investorId, attestation.account, attestation.issuedAt);
        return true;
    }

    /// @inheritdoc ITerraLuminaRegistrar
    function registerMany(Attestation[] calldata attestations, bytes[] calldata signatures) external {
        if (attestations.length != signatures.length) revert LengthMismatch(attestations.length, signatures.length);
        for (uint256 i = 0; i < attestations.length; ++i) register(attestations[i], signatures[i]);
    }

    /// @inheritdoc ITerraLuminaRegistrar
    function revoke(uint64 investorId) external onlyRole(REVOKER_ROLE) {
        address wallet = _registrations[investorId].wallet;
        if (wallet == address(0)) revert InvestorNotActive(investorId);
        // Attestations up to now can't bring the rights back.
        _registrations[investorId] = Registration(address(0), uint40(block.timestamp));
        // The address stays this investor's: its units and its history are.
        ledger.setAccount(wallet, ITerraLuminaOwnership.Account(0, 0, 0, 0, investorId));
        emit AccountRevoked(investorId, wallet);
    }

    /// @inheritdoc ITerraLuminaRegistrar
    function walletOf(uint64 investorId) external view returns (address) {
        return _registrations[investorId].wallet;
    }

    /// @inheritdoc ITerraLuminaRegistrar
    function hashOf(Attestation calldata attestation) public view returns (bytes32) {
        // Every member is a value type, so encoding the struct is encoding its members.
        return _hashTypedDataV4(keccak256(abi.encode(ATTESTATION_TYPEHASH, attestation)));
    }

    function _requireSignedByAttestor(Attestation calldata attestation, bytes calldata signature) private view {
        (address signer, ECDSA.RecoverError problem,) = ECDSA.tryRecover(hashOf(attestation), signature);
        if (problem != ECDSA.RecoverError.NoError || !hasRole(ATTESTOR_ROLE, signer)) revert InvalidAttestation();
    }

    /// @dev False when the attestation brings something new; reverts when it may not.
    function _isReplay(Attestation calldata attestation) private view returns (bool) {
        if (attestation.investorId == 0 || attestation.flags > KNOWN_FLAGS) revert InvalidAttestation();
        if (attestation.account == address(0)) revert InvalidAccount(attestation.account);
        ITerraLuminaOwnership.Account memory present = ledger.accountOf(attestation.account);
        if (present.investorId != 0 && present.investorId != attestation.investorId) {
            revert InvalidAccount(attestation.account);
        }
        Registration memory last = _registrations[attestation.investorId];
        if (last.wallet != address(0) && last.wallet != attestation.account) {
            revert InvestorHasOtherWallet(attestation.investorId, last.wallet);
        }
        if (attestation.issuedAt > last.issuedAt) return false;
        bool same = attestation.issuedAt == last.issuedAt && last.wallet == attestation.account
            && keccak256(abi.encode(present)) == keccak256(abi.encode(_recordOf(attestation)));
        if (!same) revert AttestationOutdated(attestation.account, attestation.issuedAt);
        return true;
    }

    function _recordOf(Attestation calldata attestation) private pure returns (ITerraLuminaOwnership.Account memory) {
        return ITerraLuminaOwnership.Account({
            flags: attestation.flags,
            expiry: attestation.expiry,
            country: attestation.country,
            class: attestation.class,
            investorId: attestation.investorId
        });
    }
}
