// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {ITerraLuminaVault} from "../ITerraLuminaVault.sol";
import {ILedgerErrors} from "../ledger/ILedgerErrors.sol";
import {ILedgerTypes} from "../ledger/ILedgerTypes.sol";
import {VaultBase} from "./VaultBase.sol";

/// @title The record of payouts made outside the chain. Append-only; no money moves.
abstract contract OffchainDistributions is VaultBase {
    /// @dev Members as in {ITerraLuminaVault-OffchainDistributionAttested}; `total` in minor units of the currency.
    struct Attestation {
        bytes32 root;
        uint24 projectId;
        uint24 epoch;
        bytes3 currency;
        uint128 total;
    }

    mapping(bytes32 attestationId => Attestation) private _attestations;

    /// @inheritdoc ITerraLuminaVault
    function openRecordDate(uint24 projectId) external returns (uint24 epoch) {
        return _ledger.openEpoch(projectId, 0, msg.sender);
    }

    /// @inheritdoc ITerraLuminaVault
    function attestOffchain(
        bytes32 attestationId,
        uint24 projectId,
        uint24 epoch,
        bytes32 root,
        uint256 total,
        string calldata currency,
        bytes32 reportHash,
        string calldata uri
    ) external {
        if (_ledger.roleOf(msg.sender) != ILedgerTypes.Role.Treasurer) {
            revert ILedgerErrors.MissingRole(msg.sender, ILedgerTypes.Role.Treasurer);
        }
        if (attestationId == 0 || root == 0 || total == 0 || total > type(uint128).max) {
            revert InvalidAttestation(attestationId);
        }
        if (_attestations[attestationId].root != 0) revert AttestationAlreadyMade(attestationId);
        if (_ledger.supplyAt(projectId, epoch) == 0) revert EpochNotOpened(projectId, epoch);
        _attestations[attestationId] =
            Attestation(root, projectId, epoch, _requireCurrency(currency), uint128(total));
        emit OffchainDistributionAttested(
            attestationId, projectId, epoch, root, total, currency, reportHash, uri
        );
    }

    /// @inheritdoc ITerraLuminaVault
    function offchainDistributionOf(bytes32 attestationId)
        external
        view
        returns (uint24 projectId, uint24 epoch, bytes32 root, uint256 total, string memory currency)
    {
        Attestation storage made = _attestations[attestationId];
        if (made.root == 0) return (0, 0, 0, 0, "");
        return (made.projectId, made.epoch, made.root, made.total, string(bytes.concat(made.currency)));
    }

    /// @inheritdoc ITerraLuminaVault
    function isPaidOffchain(bytes32 attestationId, address holder, uint256 amount, bytes32[] calldata proof)
        external
        view
        returns (bool)
    {
        bytes32 root = _attestations[attestationId].root;
        // Hashed twice, so that no inner node of the tree passes for a payment.
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(holder, amount))));
        return root != 0 && MerkleProof.verifyCalldata(proof, root, leaf);
    }

    function _requireCurrency(string calldata currency) private pure returns (bytes3) {
        bytes calldata code = bytes(currency);
        if (code.length != 3) revert InvalidCurrency(currency);
        for (uint256 i = 0; i < 3; ++i) {
            if (code[i] < "A" || code[i] > "Z") revert InvalidCurrency(currency);
        }
        return bytes3(code);
    }
}
