// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITerraLuminaOwnership} from "../ITerraLuminaOwnership.sol";
import {IS_FROZEN, IS_RETIRED} from "./Codes.sol";
import {Epochs} from "./Epochs.sol";
import {Position} from "./Position.sol";
import {Node, PositionSlot} from "./Store.sol";
import {Vouchers} from "./Vouchers.sol";

/// @title Who earned what, and how votes weigh.
/// @dev A claim costs the same for any number of missed epochs, plus one step of some 4,700 gas for each epoch in which
/// the holder's own balance changed since the last claim. {ITerraLuminaVault-claimMany} has gas for some 90 such steps; a
/// holder with more claims by {ITerraLuminaVault-claim} or {ITerraLuminaVault-claimFor}, which have what their caller gives.
abstract contract Earnings is Vouchers {
    /// @inheritdoc ITerraLuminaOwnership
    function openEpoch(uint256 projectId, uint256 amount, address treasurer)
        external
        onlyRole(Role.Vault)
        returns (uint24)
    {
        if (_store.roles[treasurer] != Role.Treasurer) revert MissingRole(treasurer, Role.Treasurer);
        return _open(projectId, amount);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function openVoteEpoch(uint256 projectId) external onlyRole(Role.Governor) returns (uint24) {
        return _open(projectId, 0);
    }

    /// @inheritdoc ITerraLuminaOwnership
    /// @dev Never depends on the pause. When the sum rounds to nothing the fraction goes on growing, unclaimed.
    function settleClaim(uint256 projectId, address holder)
        external
        onlyRole(Role.Vault)
        returns (uint256 amount, uint24 uptoEpoch, address payoutToken, address payee)
    {
        payee = holder;
        uint8 flags = _store.accounts[payee].flags;
        while (flags & IS_RETIRED != 0) {
            payee = _store.successors[payee];
            flags = _store.accounts[payee].flags;
        }
        if (flags & IS_FROZEN != 0) revert AccountIsFrozen(payee);
        PositionSlot storage slot = _store.positions[projectId][holder];
        Position position = slot.word;
        uptoEpoch = uint24(Epochs.lastOf(_store, projectId, position));
        amount = Epochs.due(_store, projectId, holder, position, uptoEpoch);
        if (amount == 0) return (0, uptoEpoch, address(0), payee);
        if (position.carries()) {
            delete _store.carried[projectId][holder];
            position = position.withCarried(false);
        }
        slot.word = position.withClaimed(uptoEpoch);
        payoutToken = _store.facts[projectId].payoutToken;
    }

    /// @inheritdoc ITerraLuminaOwnership
    function claimableOf(uint256 projectId, address holder) external view returns (uint256) {
        Position position = _store.positions[projectId][holder].word;
        return Epochs.due(_store, projectId, holder, position, Epochs.lastOf(_store, projectId, position));
    }

    /// @inheritdoc ITerraLuminaOwnership
    function balanceAt(address holder, uint256 projectId, uint256 epoch) external view returns (uint256) {
        if (epoch == 0 || epoch > _store.projects[projectId].epoch()) return 0;
        Position position = _store.positions[projectId][holder].word;
        if (position.isExited() && epoch > _store.exits[projectId].epoch) return 0;
        uint256 balance = position.balance();
        uint256 since = position.epoch();
        while (epoch <= since) {
            Node memory node = _store.nodes[projectId][holder][since];
            (balance, since) = (node.balance, node.previous);
        }
        return balance;
    }

    /// @inheritdoc ITerraLuminaOwnership
    function supplyAt(uint256 projectId, uint256 epoch) external view returns (uint256) {
        return _store.epochs[projectId][epoch].supply;
    }

    /// @inheritdoc ITerraLuminaOwnership
    function cumulativeAt(uint256 projectId, uint256 epoch) external view returns (uint256) {
        return _store.epochs[projectId][epoch].cumulative;
    }

    /// @dev Refused while an exit moves units: what a holder earns must not depend on the order of the batches.
    function _open(uint256 projectId, uint256 amount) private returns (uint24) {
        State state = _store.projects[projectId].state();
        if (state == State.None) revert ProjectNotFound(projectId);
        if (state == State.Exiting) revert WrongState(projectId, state);
        if (_store.projects[projectId].supply() == 0) revert NoUnits(projectId);
        return uint24(Epochs.open(_store, projectId, amount));
    }
}
