// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Epochs} from "./Epochs.sol";
import {ILedgerEvents} from "./ILedgerEvents.sol";
import {Position} from "./Position.sol";
import {ProjectWord} from "./ProjectWord.sol";
import {Move, Store} from "./Store.sol";

/// @title The bookkeeping of moves: history, balances, lock-ups, the number of holders. Asks no rule.
library Moves {
    /// @dev Moves units between two different holders; the sender has them. Locked units take their lock-up along,
    /// free ones go first. The caller asked the rules, keeps the two positions, and emits the transfer.
    function carryOut(Store storage store, ProjectWord project, Position sender, Position receiver, Move memory move)
        internal
        returns (Position, Position)
    {
        uint256 epoch = project.epoch();
        sender = Epochs.remember(store, move.projectId, move.from, sender, epoch);
        receiver = Epochs.remember(store, move.projectId, move.to, receiver, epoch);
        if (sender.locked() != 0) (sender, receiver) = _carryLock(sender, receiver, move);
        uint256 left = sender.balance() - move.units;
        uint256 before = receiver.balance();
        if ((left == 0) != (before == 0)) {
            uint256 holders = project.holders();
            store.projects[move.projectId] = project.withHolders(left == 0 ? holders - 1 : holders + 1);
        }
        return (sender.withBalance(left), receiver.withBalance(before + move.units));
    }

    /// @dev The lock-up of units that were minted as one lot. `position` holds them already.
    function lock(Position position, uint256 units, uint256 day) internal view returns (Position) {
        return position.withLock(units, day, block.timestamp / 1 days);
    }

    /// @dev Which lots the moved units were of isn't known: what stays and what goes wait for the latest day, and none
    /// of the sender's lots is released one by one any more.
    function _carryLock(Position sender, Position receiver, Move memory move) private returns (Position, Position) {
        sender = sender.clearedOn(block.timestamp / 1 days);
        uint256 locked = sender.locked();
        uint256 free = sender.balance() - locked;
        if (move.units <= free) return (sender, receiver);
        uint256 carried = move.units - free;
        uint256 day = sender.unlockDay();
        emit ILedgerEvents.LockCarried(move.projectId, move.from, move.to, carried, day);
        return (sender.withLocksCut(locked - carried), lock(receiver, carried, day));
    }
}
