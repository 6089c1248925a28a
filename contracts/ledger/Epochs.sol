// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ILedgerEvents} from "./ILedgerEvents.sol";
import {Position} from "./Position.sol";
import {ProjectWord} from "./ProjectWord.sol";
import {Epoch, Node, Store} from "./Store.sol";

/// @title Epochs: the balances at their opening, and what is due from their payouts.
library Epochs {
    uint256 internal constant SCALE_BITS = 64;

    /// @dev Opens the next epoch of a project and writes its word. `amount` may be 0; without units it must be.
    function open(Store storage store, uint256 projectId, uint256 amount) internal returns (uint256 epoch) {
        ProjectWord project = store.projects[projectId];
        uint256 supply = project.supply();
        epoch = project.epoch() + 1;
        uint256 perUnit = amount == 0 ? 0 : (uint256(SafeCast.toUint112(amount)) << SCALE_BITS) / supply;
        uint200 cumulative = SafeCast.toUint200(store.epochs[projectId][epoch - 1].cumulative + perUnit);
        store.epochs[projectId][SafeCast.toUint24(epoch)] = Epoch({cumulative: cumulative, supply: uint56(supply)});
        store.projects[projectId] = project.withEpoch(epoch);
        emit ILedgerEvents.EpochOpened(projectId, epoch, supply, amount, cumulative);
    }

    /// @dev Keeps the balance of the epochs since the last change, before it changes: at most one node per epoch.
    function remember(Store storage store, uint256 projectId, address holder, Position position, uint256 epoch)
        internal
        returns (Position)
    {
        uint256 last = position.epoch();
        if (last == epoch) return position;
        uint256 balance = position.balance();
        // Held nothing when any epoch opened: nothing to remember, nothing to claim.
        if (balance == 0 && last == 0 && position.claimed() == 0) position = position.withClaimed(epoch);
        else store.nodes[projectId][holder][epoch] = Node({balance: uint56(balance), previous: uint24(last)});
        return position.withEpoch(epoch);
    }

    /// @dev Newest epoch whose payout the holder shares.
    function lastOf(Store storage store, uint256 projectId, Position position) internal view returns (uint256) {
        return position.isExited() ? store.exits[projectId].epoch : store.projects[projectId].epoch();
    }

    /// @dev What the holder earned and has not claimed. Walks back through the stretches of unchanged balance. The
    /// scaled sum stays below 2^216 because balance × payout per unit is at most the amount paid in.
    function due(Store storage store, uint256 projectId, address holder, Position position, uint256 upto)
        internal
        view
        returns (uint256 amount)
    {
        if (position.carries()) amount = store.carried[projectId][holder];
        uint256 claimed = position.claimed();
        if (upto <= claimed) return amount;
        mapping(uint256 epoch => Epoch) storage epochs = store.epochs[projectId];
        uint256 balance = position.balance();
        uint256 since = position.epoch();
        uint256 upper = epochs[upto].cumulative;
        uint256 scaled = 0;
        while (since > claimed) {
            uint256 lower = epochs[since].cumulative;
            scaled += balance * (upper - lower);
            Node memory node = store.nodes[projectId][holder][since];
            (balance, since, upper) = (node.balance, node.previous, lower);
        }
        scaled += balance * (upper - epochs[claimed].cumulative);
        amount += scaled >> SCALE_BITS;
    }
}
