// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155Receiver} from "@openzeppelin/contracts/token/ERC1155/IERC1155Receiver.sol";
import {ERC1155Utils} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Utils.sol";
import {ITerraLuminaOwnership} from "../ITerraLuminaOwnership.sol";
import {Holdings} from "./Holdings.sol";

/// @title The exit: every unit moves to the community DAO, and supply − its balance proves that none is left out.
abstract contract Exits is Holdings {
    /// @inheritdoc ITerraLuminaOwnership
    uint40 public immutable minNoticeSeconds;

    constructor(uint40 minNoticeSeconds_) {
        minNoticeSeconds = minNoticeSeconds_;
    }

    /// @inheritdoc ITerraLuminaOwnership
    function announceExit(uint24 projectId, address communityDao, uint40 notBefore)
        external
        onlyRole(EXIT_ROLE)
        nonReentrant
    {
        uint256 earliest = block.timestamp + minNoticeSeconds;
        if (notBefore < earliest) revert NoticeTooShort(notBefore, earliest);
        _changeState(projectId, State.Active, State.ExitAnnounced, 0);
        _exits[projectId] = Exit({dao: communityDao, notBefore: notBefore, epoch: 0});
        emit ExitAnnounced(projectId, communityDao, notBefore);
        _requireReceiver(communityDao, projectId);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function cancelExit(uint24 projectId) external onlyRole(EXIT_ROLE) {
        _changeState(projectId, State.ExitAnnounced, State.Active, 0);
        delete _exits[projectId];
        emit ExitCancelled(projectId);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function beginExit(uint24 projectId) external onlyRole(EXIT_ROLE) nonReentrant {
        _changeState(projectId, State.ExitAnnounced, State.Exiting, 0);
        Exit storage exit = _exits[projectId];
        if (block.timestamp < exit.notBefore) revert NoticeRunning(projectId, exit.notBefore);
        uint24 epoch = _projects[projectId].epoch;
        // Each opening rounded its payout per unit down by less than one at this scale: given back here, so that
        // a target that was paid to the last base unit counts as met.
        uint256 earned = (uint256(_epochs[projectId][epoch].cumulative) + epoch) >> 64;
        uint256 target = _facts[projectId].exitTargetPerUnit;
        if (earned < target) revert ExitTargetNotMet(projectId, earned, target);
        exit.epoch = epoch;
        emit ExitBegun(projectId, exit.dao, epoch);
        // From here on there is no way back, and the DAO may have changed since the announcement.
        _requireReceiver(exit.dao, projectId);
    }

    /// @inheritdoc ITerraLuminaOwnership
    /// @dev All storage is final before the DAO is called. A moved position keeps its balance as the measure of
    /// what it earned up to the exit's epoch.
    function exitBatch(uint24 projectId, address[] calldata holders)
        external
        nonReentrant
        whenNotPaused
        returns (uint256 remaining)
    {
        State state = _projects[projectId].state;
        if (state != State.Exiting) revert WrongState(projectId, state);
        address dao = _exits[projectId].dao;
        uint256[] memory moved = new uint256[](holders.length);
        uint256 count = 0;
        uint256 units = 0;
        for (uint256 i = 0; i < holders.length; ++i) {
            Position storage position = _positions[projectId][holders[i]];
            uint256 balance = position.balance;
            if (balance == 0 || position.exited || holders[i] == dao) continue;
            position.exited = true;
            moved[i] = balance;
            units += balance;
            ++count;
        }
        remaining = _creditDao(projectId, dao, count, units);
        if (count == 0) return remaining;
        emit ExitBatch(projectId, count, units, remaining);
        for (uint256 i = 0; i < holders.length; ++i) {
            if (moved[i] == 0) continue;
            emit TransferSingle(msg.sender, holders[i], dao, projectId, moved[i]);
            ERC1155Utils.checkOnERC1155Received(msg.sender, holders[i], dao, projectId, moved[i], "");
        }
    }

    /// @inheritdoc ITerraLuminaOwnership
    function finalizeExit(uint24 projectId) external {
        _changeState(projectId, State.Exiting, State.Exited, 0);
        address dao = _exits[projectId].dao;
        uint256 supply = totalSupply(projectId);
        uint256 remaining = supply - balanceOf(dao, projectId);
        if (remaining != 0) revert ExitIncomplete(projectId, remaining);
        emit ProjectExited(projectId, dao, supply);
    }

    function _creditDao(uint24 projectId, address dao, uint256 count, uint256 units)
        private
        returns (uint256 remaining)
    {
        ProjectSlot storage project = _projects[projectId];
        Position storage position = _positions[projectId][dao];
        uint56 before = position.balance;
        uint56 present = before + uint56(units);
        if (units != 0) {
            uint256 holders = project.holders - count;
            project.holders = uint32(before == 0 ? holders + 1 : holders);
            _remember(project.epoch, position, projectId, dao);
            position.balance = present;
        }
        return project.supply - present;
    }

    /// @dev Hands over nothing, to see whether the hook that every move of the exit needs is there.
    function _requireReceiver(address dao, uint256 projectId) private {
        if (dao.code.length == 0) revert DaoCannotReceive(dao);
        (bool success, bytes memory answer) =
            dao.call(abi.encodeCall(IERC1155Receiver.onERC1155Received, (msg.sender, address(0), projectId, 0, "")));
        if (!success || answer.length < 32 || bytes4(answer) != IERC1155Receiver.onERC1155Received.selector) {
            revert DaoCannotReceive(dao);
        }
    }
}
