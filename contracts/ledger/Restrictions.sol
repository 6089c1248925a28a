// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITerraLuminaOwnership} from "../ITerraLuminaOwnership.sol";
import {LedgerState} from "./LedgerState.sol";

/// @title Why a move of units would be refused: the one place that decides it.
/// @dev The update hook and {detectTransferRestriction} call the same two functions, so they can't disagree.
abstract contract Restrictions is LedgerState {
    uint8 internal constant OK = 0;
    uint8 internal constant PAUSED = 1;
    uint8 internal constant PROJECT_STATE = 2;
    uint8 internal constant SENDER_BLOCKED = 3;
    uint8 internal constant RECEIVER_NOT_ELIGIBLE = 4;
    uint8 internal constant RECEIVER_EXPIRED = 5;
    uint8 internal constant FROZEN = 6;
    uint8 internal constant LOCKED = 7;
    uint8 internal constant HOLDER_CAP = 8;
    uint8 internal constant EXIT_RUNNING = 12;
    uint8 internal constant SUPPLY_CAP = 13;
    uint8 internal constant RECEIVER_REFUSES = 14;

    uint8 internal constant MAY_SEND = 1;
    uint8 internal constant MAY_RECEIVE = 2;
    uint8 internal constant LOCK_EXEMPT = 4;
    uint8 internal constant IS_FROZEN = 8;

    /// @inheritdoc ITerraLuminaOwnership
    function detectTransferRestriction(address from, address to, uint256 projectId, uint256 units)
        external
        view
        returns (uint8 code)
    {
        code = _restrictionOfParties(from, to);
        if (code != OK) return code;
        ProjectSlot storage project = _projects[projectId];
        Position storage receiver = _positions[projectId][to];
        if (from == address(0)) return _restrictionOfMint(project, receiver.balance, units);
        Position storage sender = _positions[projectId][from];
        return _restrictionOfMove(project, sender, from, sender.balance, receiver.balance, units);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function messageForTransferRestriction(uint8 code) external pure returns (string memory) {
        if (code == OK) return "No restriction";
        if (code == PAUSED) return "The ledger is paused";
        if (code == PROJECT_STATE) return "The project's state doesn't allow it";
        if (code == SENDER_BLOCKED) return "The sender may not send";
        if (code == RECEIVER_NOT_ELIGIBLE) return "The receiver isn't registered to receive";
        if (code == RECEIVER_EXPIRED) return "The receiver's registration has expired";
        if (code == FROZEN) return "An account is frozen";
        if (code == LOCKED) return "The units are locked up";
        if (code == HOLDER_CAP) return "The project has as many holders as it may";
        if (code == 9) return "The receiver would hold too many units";
        if (code == 10) return "The country isn't allowed";
        if (code == 11) return "The operator is blocked";
        if (code == EXIT_RUNNING) return "The project's exit is running";
        if (code == SUPPLY_CAP) return "The project's supply cap is reached";
        if (code == RECEIVER_REFUSES) return "The receiving contract refuses units";
        return "Unknown code";
    }

    /// @inheritdoc ITerraLuminaOwnership
    function movableOf(address holder, uint256 projectId) external view returns (uint256) {
        Position storage position = _positions[projectId][holder];
        if (position.exited) return 0;
        return _movable(position, holder, position.balance);
    }

    /// @dev What depends on the two addresses alone: a batch asks it once. `from` zero is a mint.
    function _restrictionOfParties(address from, address to) internal view returns (uint8) {
        if (paused()) return PAUSED;
        Account storage receiver = _accounts[to];
        if (from != address(0)) {
            uint8 flags = _accounts[from].flags;
            if (flags & IS_FROZEN != 0) return FROZEN;
            if (flags & MAY_SEND == 0) return SENDER_BLOCKED;
        }
        uint8 receiverFlags = receiver.flags;
        if (receiverFlags & IS_FROZEN != 0) return FROZEN;
        if (receiverFlags & MAY_RECEIVE == 0) return RECEIVER_NOT_ELIGIBLE;
        if (receiver.expiry < block.timestamp) return RECEIVER_EXPIRED;
        return OK;
    }

    /// @param balance Units of `from`, read by the caller already
    /// @param receiverBalance Units of `to`, read by the caller already
    function _restrictionOfMove(
        ProjectSlot storage project,
        Position storage sender,
        address from,
        uint256 balance,
        uint256 receiverBalance,
        uint256 units
    ) internal view returns (uint8) {
        State state = project.state;
        if (state != State.Active && state != State.ExitAnnounced) {
            return state == State.Exiting ? EXIT_RUNNING : PROJECT_STATE;
        }
        uint256 movable = _movable(sender, from, balance);
        if (units > movable && movable < balance) return LOCKED;
        // A holder who parts with everything makes room for the receiver.
        if (receiverBalance == 0 && units != 0 && units != balance && _isFull(project)) return HOLDER_CAP;
        return OK;
    }

    function _restrictionOfMint(ProjectSlot storage project, uint256 receiverBalance, uint256 units)
        internal
        view
        returns (uint8)
    {
        State state = project.state;
        if (state != State.Active) return state == State.Exiting ? EXIT_RUNNING : PROJECT_STATE;
        if (units > project.cap - project.supply) return SUPPLY_CAP;
        if (receiverBalance == 0 && units != 0 && _isFull(project)) return HOLDER_CAP;
        return OK;
    }

    function _isFull(ProjectSlot storage project) private view returns (bool) {
        uint32 maxHolders = project.maxHolders;
        return maxHolders != 0 && project.holders >= maxHolders;
    }

    /// @dev Locked may exceed the balance: an exempt holder may have moved locked units. Never underflows.
    function _movable(Position storage position, address holder, uint256 balance) private view returns (uint256) {
        uint256 locked = position.locked;
        if (locked == 0 || _today() >= position.unlockDay) return balance;
        if (_accounts[holder].flags & LOCK_EXEMPT != 0) return balance;
        return balance > locked ? balance - locked : 0;
    }
}
