// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedgerTypes} from "../ledger/ILedgerTypes.sol";
import {LedgerActors} from "./LedgerActors.sol";
import {MoneyHandler} from "./MoneyHandler.sol";
import {vm} from "./Vm.sol";

/// @dev What the runner may do at random with the life of the project; each refusal is foretold.
abstract contract ExitHandler is MoneyHandler {
    /// @dev The newest epoch when units were last minted: the target counts what was paid after it.
    uint256 internal mintEpoch;

    constructor(LedgerActors world) {
        (ledger, vault, token, dao, fickle) = (world.ledger(), world.vault(), world.token(), world.dao(), world.fickle());
        book = world.book();
        for (uint256 i = 0; i < 5; ++i) holders.push(world.holders(i));
        for (uint256 i = 0; i < world.peopleCount(); ++i) everybody.push(world.everybody(i));
    }

    function stop(uint8 luck) external watched(Deed.Plain) {
        ILedgerTypes.State state = stateNow();
        if (state == ILedgerTypes.State.Active && luck % 8 == 0) {
            ledger.setProjectState(PROJECT, ILedgerTypes.State.Paused, "x");
        } else if (state == ILedgerTypes.State.Paused) {
            ledger.setProjectState(PROJECT, ILedgerTypes.State.Active, "x");
        }
    }

    function announce(uint8 luck) external watched(Deed.Plain) {
        ILedgerTypes.State state = stateNow();
        if (state == ILedgerTypes.State.Active && luck % 4 == 0 && ledger.totalSupply(PROJECT) != 0) {
            ledger.announceExit(PROJECT, address(dao), uint40(timeNow()) + NOTICE);
        } else if (state == ILedgerTypes.State.ExitAnnounced && luck % 16 == 1) {
            ledger.cancelExit(PROJECT);
        }
    }

    function begin(uint8 luck, bool byBuyOut) external watched(Deed.Opens) {
        if (stateNow() != ILedgerTypes.State.ExitAnnounced) return;
        uint256 notBefore = ledger.exitOf(PROJECT).notBefore;
        if (luck % 2 == 0 && timeNow() < notBefore) vm.warp(notBefore);
        uint256 supply = ledger.totalSupply(PROJECT);
        bool isTime = timeNow() >= notBefore;
        if (byBuyOut) {
            if (supply == 0) return;
            uint256 price = supply * BUY_OUT - (luck % 3 == 0 ? 1 : 0);
            vm.prank(TREASURER);
            try vault.buyOut(bytes32(++rounds), PROJECT, price, 0, "") {
                require(isTime && luck % 3 != 0, "bought out for less");
                paidIn += price;
            } catch {
                require(!isTime || luck % 3 == 0, "not bought out");
                return forget();
            }
        } else {
            uint256 epoch = ledger.projectOf(PROJECT).epoch;
            uint256 earned = ledger.cumulativeAt(PROJECT, epoch) - ledger.cumulativeAt(PROJECT, mintEpoch);
            bool isMet = (earned + epoch - mintEpoch) >> 64 >= EXIT_TARGET;
            try ledger.beginExit(PROJECT) {
                require(isTime && isMet, "begun too early");
            } catch {
                require(!isTime || !isMet, "not begun");
                return forget();
            }
        }
        record();
        // A buy-out opened two: one that paid, one for the exit. Balances are the same.
        if (byBuyOut) recordAt(ledger.projectOf(PROJECT).epoch - 1);
    }

    /// @dev What each of the list was due stays due, whatever the list is.
    function exitBatch(uint256 seed) external watched(Deed.Exits) {
        if (stateNow() != ILedgerTypes.State.Exiting || ledger.paused()) return;
        address[] memory batch = _someOf(seed);
        uint256 supply = ledger.totalSupply(PROJECT);
        uint256 before = supply - ledger.balanceOf(address(dao), PROJECT);
        for (uint256 i = 0; i < batch.length; ++i) {
            if (batch[i] != address(dao) && ledger.balanceOf(batch[i], PROJECT) != 0) frozenOf[batch[i]] = 0;
        }
        uint256 remaining = ledger.exitBatch(PROJECT, batch);
        require(remaining <= before, "remaining rose");
        require(remaining == supply - ledger.balanceOf(address(dao), PROJECT), "remaining");
        require(ledger.totalSupply(PROJECT) == supply, "supply");
        for (uint256 i = 0; i < batch.length; ++i) {
            require(ledger.balanceOf(batch[i], PROJECT) == 0 || batch[i] == address(dao), "left");
        }
        require(ledger.exitBatch(PROJECT, batch) == remaining, "repeated");
    }

    function finalize() external watched(Deed.Plain) {
        bool isComplete = ledger.balanceOf(address(dao), PROJECT) == ledger.totalSupply(PROJECT);
        bool allowed = isComplete && stateNow() == ILedgerTypes.State.Exiting;
        try ledger.finalizeExit(PROJECT) {
            require(allowed, "ended too early");
        } catch {
            require(!allowed, "not ended");
            forget();
        }
    }

    /// @dev Everybody, now and then, or no exit would ever end; else two, one of them twice, and the DAO.
    function _someOf(uint256 seed) private view returns (address[] memory batch) {
        if (seed % 3 == 0) return everybody;
        batch = new address[](4);
        (batch[0], batch[1]) = (everybody[seed % everybody.length], everybody[seed / 7 % everybody.length]);
        (batch[2], batch[3]) = (batch[0], address(dao));
    }
}
