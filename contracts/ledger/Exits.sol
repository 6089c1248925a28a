// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC1155Receiver} from "@openzeppelin/contracts/token/ERC1155/IERC1155Receiver.sol";
import {ERC1155Utils} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Utils.sol";
import {RECEIVER_GAS} from "./Codes.sol";
import {Epochs} from "./Epochs.sol";
import {IERC7943MultiToken} from "./IERC7943MultiToken.sol";
import {ILedgerErrors} from "./ILedgerErrors.sol";
import {ILedgerEvents} from "./ILedgerEvents.sol";
import {ILedgerTypes} from "./ILedgerTypes.sol";
import {Position} from "./Position.sol";
import {ProjectWord} from "./ProjectWord.sol";
import {States} from "./States.sol";
import {Epoch, PositionSlot, Store} from "./Store.sol";

/// @title The exit: every unit moves to the community DAO, and supply − its balance proves that none is left out.
/// Linked, because it happens once in a project's life.
library Exits {
    /// @notice See {ITerraLuminaOwnership-announceExit}.
    /// @param notBefore Unix second
    /// @param minNoticeSeconds The ledger's own, which a library can't read
    function announce(Store storage store, uint256 projectId, address dao, uint40 notBefore, uint40 minNoticeSeconds)
        external
    {
        uint256 earliest = block.timestamp + minNoticeSeconds;
        if (notBefore < earliest) revert ILedgerErrors.NoticeTooShort(notBefore, earliest);
        States.change(store, projectId, ILedgerTypes.State.Active, ILedgerTypes.State.ExitAnnounced, 0);
        store.exits[projectId] = ILedgerTypes.Exit({dao: dao, notBefore: notBefore, epoch: 0});
        emit ILedgerEvents.ExitAnnounced(projectId, dao, notBefore);
        _requireReceiver(dao, projectId);
    }

    /// @notice See {ITerraLuminaOwnership-cancelExit}.
    function cancel(Store storage store, uint256 projectId) external {
        States.change(store, projectId, ILedgerTypes.State.ExitAnnounced, ILedgerTypes.State.Active, 0);
        delete store.exits[projectId];
        emit ILedgerEvents.ExitCancelled(projectId);
    }

    /// @notice See {ITerraLuminaOwnership-beginExit} and {ITerraLuminaOwnership-beginExitByBuyOut}.
    /// @dev Opens an epoch, so that who held how much at the beginning of the exit can be read for ever.
    function begin(Store storage store, uint256 projectId, bool byBuyOut) external {
        States.change(store, projectId, ILedgerTypes.State.ExitAnnounced, ILedgerTypes.State.Exiting, 0);
        ILedgerTypes.Exit storage exit = store.exits[projectId];
        if (block.timestamp < exit.notBefore) {
            revert ILedgerErrors.NoticeRunning(projectId, exit.notBefore);
        }
        (uint256 have, uint256 need) =
            byBuyOut ? _boughtOut(store, projectId) : (_earned(store, projectId), store.facts[projectId].exitTargetPerUnit);
        if (have < need) revert ILedgerErrors.ExitTargetNotMet(projectId, have, need);
        uint256 epoch = Epochs.open(store, projectId, 0);
        exit.epoch = uint24(epoch);
        emit ILedgerEvents.ExitBegun(projectId, exit.dao, epoch);
        // From here on there is no way back, and the DAO may have changed since the announcement.
        _requireReceiver(exit.dao, projectId);
    }

    /// @notice See {ITerraLuminaOwnership-exitBatch}.
    /// @dev All storage is final before the DAO is called. A moved position keeps its balance as the measure of
    /// what it earned up to the exit's epoch.
    function batch(Store storage store, uint256 projectId, address[] calldata holders)
        external
        returns (uint256 remaining)
    {
        if (store.paused) revert ILedgerErrors.EnforcedPause();
        ILedgerTypes.State state = store.projects[projectId].state();
        if (state != ILedgerTypes.State.Exiting) {
            revert ILedgerErrors.WrongState(projectId, state);
        }
        address dao = store.exits[projectId].dao;
        uint256[] memory moved = new uint256[](holders.length);
        uint256 count = 0;
        uint256 units = 0;
        mapping(address => PositionSlot) storage positions = store.positions[projectId];
        for (uint256 i = 0; i < holders.length; ++i) {
            PositionSlot storage slot = positions[holders[i]];
            Position position = slot.word;
            uint256 balance = position.balance();
            if (balance == 0 || position.isExited() || holders[i] == dao) continue;
            if (position.frozen() != 0) {
                position = position.withFrozen(0);
                emit IERC7943MultiToken.Frozen(holders[i], projectId, 0);
            }
            slot.word = position.asExited();
            moved[i] = balance;
            units += balance;
            ++count;
        }
        remaining = _creditDao(store, projectId, dao, count, units);
        if (count == 0) return remaining;
        emit ILedgerEvents.ExitBatch(projectId, count, units, remaining);
        for (uint256 i = 0; i < holders.length; ++i) {
            if (moved[i] == 0) continue;
            emit IERC1155.TransferSingle(msg.sender, holders[i], dao, projectId, moved[i]);
            ERC1155Utils.checkOnERC1155Received(msg.sender, holders[i], dao, projectId, moved[i], "");
        }
    }

    /// @notice See {ITerraLuminaOwnership-finalizeExit}.
    function finalize(Store storage store, uint256 projectId) external {
        States.change(store, projectId, ILedgerTypes.State.Exiting, ILedgerTypes.State.Exited, 0);
        address dao = store.exits[projectId].dao;
        uint256 supply = store.projects[projectId].supply();
        uint256 remaining = supply - store.positions[projectId][dao].word.balance();
        if (remaining != 0) revert ILedgerErrors.ExitIncomplete(projectId, remaining);
        emit ILedgerEvents.ProjectExited(projectId, dao, supply);
    }

    /// @notice See {ITerraLuminaOwnership-earnedPerUnitOf}.
    function earnedPerUnit(Store storage store, uint256 projectId) external view returns (uint256) {
        return _earned(store, projectId);
    }

    /// @dev What every unit has earned: payouts since the last mint, because what was paid before it the newest units
    /// haven't got. Each opening rounded its payout per unit down by less than one at this scale: given back here, so
    /// that a target that was paid to the last base unit counts as met.
    function _earned(Store storage store, uint256 projectId) private view returns (uint256 have) {
        ProjectWord project = store.projects[projectId];
        (uint256 epoch, uint256 from) = (project.epoch(), project.mintEpoch());
        mapping(uint256 => Epoch) storage epochs = store.epochs[projectId];
        have = (epochs[epoch].cumulative - epochs[from].cumulative + epoch - from) >> Epochs.SCALE_BITS;
    }

    /// @dev What the newest epoch paid: the vault opened it in this very transaction. Without a price nothing is enough.
    function _boughtOut(Store storage store, uint256 projectId) private view returns (uint256 have, uint256 need) {
        uint256 epoch = store.projects[projectId].epoch();
        uint256 paid = store.epochs[projectId][epoch].cumulative - store.epochs[projectId][epoch - 1].cumulative;
        have = (paid + 1) >> Epochs.SCALE_BITS;
        need = store.facts[projectId].buyOutPerUnit;
        if (need == 0) need = type(uint256).max;
    }

    function _creditDao(Store storage store, uint256 projectId, address dao, uint256 count, uint256 units)
        private
        returns (uint256 remaining)
    {
        ProjectWord project = store.projects[projectId];
        PositionSlot storage slot = store.positions[projectId][dao];
        Position position = slot.word;
        uint256 before = position.balance();
        if (units != 0) {
            uint256 holders = project.holders() - count;
            store.projects[projectId] = project.withHolders(before == 0 ? holders + 1 : holders);
            position = Epochs.remember(store, projectId, dao, position, project.epoch());
            slot.word = position.withBalance(before + units);
        }
        return project.supply() - before - units;
    }

    /// @dev Hands over nothing, to see whether the hook that every move of the exit needs is there.
    function _requireReceiver(address dao, uint256 projectId) private {
        if (dao.code.length == 0) revert ILedgerErrors.DaoCannotReceive(dao);
        (bool success, bytes memory answer) = dao.call{gas: RECEIVER_GAS}(
            abi.encodeCall(IERC1155Receiver.onERC1155Received, (msg.sender, address(0), projectId, 0, ""))
        );
        // The whole word, as the check of every move will compare it.
        bytes32 accepted = IERC1155Receiver.onERC1155Received.selector;
        if (!success || answer.length < 32 || bytes32(answer) != accepted) {
            revert ILedgerErrors.DaoCannotReceive(dao);
        }
    }
}
