// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ITerraLuminaOwnership} from "./ITerraLuminaOwnership.sol";
import {ITerraLuminaRegistrar} from "./ITerraLuminaRegistrar.sol";
import {requireDeployed} from "./access/Deployed.sol";
import {ILedgerTypes} from "./ledger/ILedgerTypes.sol";

/// @title Turns a KYC attestation into an account record, once. Transfers then read one slot and no signature.
contract TerraLuminaRegistrar is ITerraLuminaRegistrar, AccessManaged, EIP712 {
    // Written out: the compiler hashes literals, and leaves what is put together to every call.
    bytes32 private constant ATTESTATION_TYPEHASH = keccak256(
        "Attestation(address account,uint8 flags,uint40 expiry,uint16 country,uint8 class,uint64 investorId,uint40 issuedAt,uint40 deadline,address replaces)"
    );
    bytes32 private constant BATCH_TYPEHASH = keccak256(
        "AttestationBatch(Attestation[] attestations)Attestation(address account,uint8 flags,uint40 expiry,uint16 country,uint8 class,uint64 investorId,uint40 issuedAt,uint40 deadline,address replaces)"
    );

    uint8 private constant KNOWN_FLAGS = 0x0f;
    uint8 private constant FROZEN = 0x08;
    uint8 private constant RETIRED = 0x10;
    /// @dev How far an attestor's clock may be ahead. Without a bound one signature could void all later ones for ever.
    uint256 private constant CLOCK_TOLERANCE = 1 days;

    /// @inheritdoc ITerraLuminaRegistrar
    ITerraLuminaOwnership public immutable ledger;

    // Which wallet is the active one needs no slot per investor: it is the one whose record, in the ledger, has an expiry.
    // So twice {lastIssuedAt}, plus one while there is such a wallet, is all; six fit a slot. A slot for each would cost
    // 18,000 gas more per investor.
    mapping(uint64 investorIdBy6 => uint40[6]) private _standings;

    /// @param authority Access manager that says who may relink and revoke
    /// @param ledger_ Must give this contract its role Registrar; fixed
    constructor(address authority, ITerraLuminaOwnership ledger_)
        AccessManaged(authority)
        EIP712("TerraLuminaRegistrar", "1")
    {
        requireDeployed(authority);
        requireDeployed(address(ledger_));
        ledger = ledger_;
    }

    /// @inheritdoc ITerraLuminaRegistrar
    function register(Attestation memory attestation, bytes calldata signature) external returns (bool changed) {
        bytes32 digest = hashOf(attestation);
        address attestor = _attestorOf(digest, signature);
        changed = _register(attestation);
        if (changed) emit AttestationUsed(attestor, digest);
    }

    /// @inheritdoc ITerraLuminaRegistrar
    function registerMany(Attestation[] memory attestations, bytes calldata signature)
        external
        returns (uint256 changed)
    {
        bytes32 digest = hashOfMany(attestations);
        address attestor = _attestorOf(digest, signature);
        for (uint256 i = 0; i < attestations.length; ++i) {
            if (_register(attestations[i])) ++changed;
        }
        if (changed > 0) emit AttestationUsed(attestor, digest);
    }

    /// @inheritdoc ITerraLuminaRegistrar
    function relink(Attestation memory attestation, bytes calldata signature, uint256[] calldata projectIds)
        external
        restricted
        returns (bool changed)
    {
        if (attestation.replaces == address(0)) revert WrongPurpose(attestation.replaces);
        bytes32 digest = hashOf(attestation);
        address attestor = _attestorOf(digest, signature);
        _requireUsable(attestation);
        if (_isRelinked(attestation)) return false;
        _requireReplaceable(attestation.replaces, attestation.account, attestation.investorId);
        _note(attestation, lastIssuedAt(attestation.investorId));
        ledger.relinkWallet(attestation.replaces, attestation.account, _recordOf(attestation));
        ledger.moveHoldings(attestation.replaces, projectIds);
        emit AttestationUsed(attestor, digest);
        return true;
    }

    /// @inheritdoc ITerraLuminaRegistrar
    function revoke(address account) external restricted {
        ILedgerTypes.Account memory present = ledger.accountOf(account);
        uint64 investorId = present.investorId;
        if (investorId == 0 || !_isActiveRecord(present, investorId)) revert AccountNotActive(account);
        uint40 issuedAt = uint40(Math.max(lastIssuedAt(investorId), block.timestamp));
        _standings[investorId / 6][investorId % 6] = issuedAt * 2;
        // The address stays this investor's: its units and its history are. And what is frozen isn't freed by it.
        ledger.setAccount(account, ILedgerTypes.Account(present.flags & FROZEN, 0, 0, 0, investorId));
        emit AccountRevoked(investorId, account, issuedAt);
    }

    /// @inheritdoc ITerraLuminaRegistrar
    function isActive(uint64 investorId) public view returns (bool) {
        return _standings[investorId / 6][investorId % 6] % 2 == 1;
    }

    /// @inheritdoc ITerraLuminaRegistrar
    function lastIssuedAt(uint64 investorId) public view returns (uint40) {
        return _standings[investorId / 6][investorId % 6] / 2;
    }

    /// @inheritdoc ITerraLuminaRegistrar
    function hashOf(Attestation memory attestation) public view returns (bytes32) {
        return _hashTypedDataV4(_structHash(attestation));
    }

    /// @inheritdoc ITerraLuminaRegistrar
    function hashOfMany(Attestation[] memory attestations) public view returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](attestations.length);
        for (uint256 i = 0; i < attestations.length; ++i) hashes[i] = _structHash(attestations[i]);
        return _hashTypedDataV4(keccak256(abi.encode(BATCH_TYPEHASH, keccak256(abi.encodePacked(hashes)))));
    }

    function _register(Attestation memory attestation) private returns (bool) {
        if (attestation.replaces != address(0)) revert WrongPurpose(attestation.replaces);
        _requireUsable(attestation);
        (address account, uint64 investorId) = (attestation.account, attestation.investorId);
        ILedgerTypes.Account memory record = _recordOf(attestation);
        ILedgerTypes.Account memory present = ledger.accountOf(account);
        if (present.investorId != 0 && present.investorId != investorId) revert InvalidAccount(account);
        uint40 standing = _standings[investorId / 6][investorId % 6];
        if (standing % 2 == 1) {
            if (!_isActiveRecord(present, investorId)) revert InvestorHasOtherWallet(investorId, account);
            bool isLast = attestation.issuedAt == standing / 2;
            if (isLast && keccak256(abi.encode(present)) == keccak256(abi.encode(record))) return false;
        }
        _note(attestation, standing / 2);
        ledger.setAccount(account, record);
        return true;
    }

    /// @dev From here on older attestations are void, and the investor has an active wallet.
    function _note(Attestation memory attestation, uint40 lastAt) private {
        (uint64 investorId, uint40 issuedAt) = (attestation.investorId, attestation.issuedAt);
        if (issuedAt <= lastAt) revert AttestationOutdated(attestation.account, issuedAt);
        _standings[investorId / 6][investorId % 6] = issuedAt * 2 + 1;
        emit AccountAttested(investorId, attestation.account, issuedAt);
    }

    function _attestorOf(bytes32 digest, bytes calldata signature) private view returns (address signer) {
        // Zero, which has no role, for what is no signature.
        (signer,,) = ECDSA.tryRecoverCalldata(digest, signature);
        if (ledger.roleOf(signer) != ILedgerTypes.Role.IdentityAttestor) revert InvalidAttestation(signer);
    }

    function _requireUsable(Attestation memory attestation) private view {
        if (block.timestamp > attestation.deadline) revert AttestationExpired(attestation.deadline);
        if (attestation.issuedAt > block.timestamp + CLOCK_TOLERANCE) {
            revert AttestationNotIssuedYet(attestation.issuedAt);
        }
        if (attestation.account == address(0)) revert InvalidAccount(attestation.account);
        if (attestation.investorId == 0 || attestation.expiry == 0 || attestation.flags > KNOWN_FLAGS) {
            revert MalformedAttestation(attestation.account);
        }
    }

    function _isRelinked(Attestation memory attestation) private view returns (bool) {
        return attestation.issuedAt == lastIssuedAt(attestation.investorId)
            && ledger.successorOf(attestation.replaces) == attestation.account;
    }

    /// @dev A wallet that was revoked, say after a theft, can be replaced too; when the investor has an active one by then,
    /// only by that.
    function _requireReplaceable(address from, address to, uint64 investorId) private view {
        ILedgerTypes.Account memory old = ledger.accountOf(from);
        if (old.investorId != investorId) revert InvalidAccount(from);
        if (!isActive(investorId) || _isActiveRecord(old, investorId)) return;
        if (!_isActiveRecord(ledger.accountOf(to), investorId)) revert InvestorHasOtherWallet(investorId, to);
    }

    function _isActiveRecord(ILedgerTypes.Account memory record, uint64 investorId)
        private
        pure
        returns (bool)
    {
        return record.investorId == investorId && record.expiry != 0 && record.flags & RETIRED == 0;
    }

    function _structHash(Attestation memory attestation) private pure returns (bytes32) {
        // Every member is a value type, so encoding the struct is encoding its members.
        return keccak256(abi.encode(ATTESTATION_TYPEHASH, attestation));
    }

    function _recordOf(Attestation memory attestation) private pure returns (ILedgerTypes.Account memory) {
        return ILedgerTypes.Account({
            flags: attestation.flags,
            expiry: attestation.expiry,
            country: attestation.country,
            class: attestation.class,
            investorId: attestation.investorId
        });
    }
}
