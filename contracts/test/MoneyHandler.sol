// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedgerTypes} from "../ledger/ILedgerTypes.sol";
import {SettingsHandler} from "./SettingsHandler.sol";
import {vm} from "./Vm.sol";

/// @dev What the runner may do at random with money and time; each refusal is foretold.
abstract contract MoneyHandler is SettingsHandler {
    uint256 public paidIn;
    uint256 public rounds;
    /// @dev Balances when each epoch opened.
    mapping(uint256 epoch => mapping(address holder => uint256)) public recorded;
    uint256 private _clawbackFrom;
    uint256 private _clawbackSum;

    function distribute(uint128 amount, bool isVote) external watched(Deed.Opens) {
        amount = 1 + amount % 1e12;
        bool allowed = ledger.totalSupply(PROJECT) != 0 && stateNow() != ILedgerTypes.State.Exiting;
        vm.prank(isVote ? ELECTOR : TREASURER);
        bool opened;
        if (isVote) {
            try ledger.openVoteEpoch(PROJECT) {
                opened = true;
            } catch {}
        } else {
            try vault.distributeReturns(bytes32(++rounds), PROJECT, amount, 0, "") {
                (opened, paidIn) = (true, paidIn + amount);
            } catch {}
        }
        require(opened == allowed, "epoch");
        if (opened) record();
        else forget();
    }

    /// @dev Everything at once, nothing twice, and neither a pause nor an exit in the way.
    function claim(uint256 seed) external watched(Deed.Pays) {
        address holder = everybody[seed % everybody.length];
        uint256 due = ledger.claimableOf(PROJECT, holder);
        address payee = payeeOf(holder);
        uint256 before = token.balanceOf(payee);
        bool allowed = !isBarred(holder) && due != 0;
        try vault.claimFor(PROJECT, holder) returns (uint256 amount) {
            require(allowed && amount == due, "paid what wasn't shown");
            require(token.balanceOf(payee) == before + due, "paid to another");
            require(ledger.claimableOf(PROJECT, holder) == 0, "paid twice");
            notePaid(payee, due);
        } catch {
            require(!allowed, "a claim was refused");
            forget();
        }
    }

    /// @dev One of them twice; whoever can't be paid is skipped and keeps what is due.
    function claimMany(uint256 seed) external watched(Deed.Pays) {
        address[] memory list = new address[](4);
        for (uint256 i = 0; i < 3; ++i) list[i] = everybody[(seed >> 8 * i) % everybody.length];
        list[3] = list[0];
        uint256 expected = 0;
        for (uint256 i = 0; i < 4; ++i) expected += _expect(list, i, payeeOf(list[i]));
        require(vault.claimMany(PROJECT, list) == expected, "paid many");
    }

    /// @dev Addresses that hold nothing, so that what arrives there can be counted.
    function setPayoutAddress(uint256 seed, uint256 toSeed) external watched(Deed.Plain) {
        address holder = everybody[seed % everybody.length];
        address to = toSeed % 3 == 0 ? address(0) : address(uint160(0xFACE00 + toSeed % 5));
        vm.prank(holder);
        vault.setPayoutAddress(to);
        payoutOf[holder] = to;
        require(vault.payoutAddressOf(holder) == payoutAddressOf(holder), "payout address");
    }

    /// @dev No sooner than its notice, only while nothing newer was paid in, and to the treasury alone.
    function clawback(uint256 seed, uint8 luck) external watched(Deed.Pays) {
        uint24 epoch = ledger.projectOf(PROJECT).epoch;
        if (luck % 4 == 0 && ledger.supplyAt(PROJECT, epoch) != 0) {
            vault.announceClawback(PROJECT, epoch, uint40(timeNow()) + MIN_CLAWBACK);
            (_clawbackFrom, _clawbackSum) = (timeNow() + MIN_CLAWBACK, ledger.cumulativeAt(PROJECT, epoch));
            return;
        }
        if (luck % 16 == 1 && _clawbackFrom != 0) {
            vault.cancelClawback(PROJECT);
            _clawbackFrom = 0;
            return;
        }
        address[] memory list = new address[](2);
        (list[0], list[1]) = (everybody[seed % everybody.length], everybody[(seed >> 8) % everybody.length]);
        bool allowed = _clawbackFrom != 0 && timeNow() >= _clawbackFrom
            && ledger.cumulativeAt(PROJECT, epoch) == _clawbackSum;
        address newDao = ledger.exitOf(PROJECT).dao;
        uint256 expected = 0;
        for (uint256 i = 0; i < 2 && allowed; ++i) {
            // What the community earned after an exit is its own.
            if (list[i] != newDao) expected += _expect(list, i, TREASURY);
        }
        try vault.clawback(PROJECT, list) returns (uint256 returned) {
            require(allowed && returned == expected, "clawed back");
        } catch {
            require(!allowed, "not clawed back");
            forget();
        }
    }

    function wait_(uint32 time) external {
        vm.warp(timeNow() + time % 20 days);
    }

    function record() internal {
        recordAt(ledger.projectOf(PROJECT).epoch);
    }

    function recordAt(uint256 epoch) internal {
        for (uint256 i = 0; i < everybody.length; ++i) {
            recorded[epoch][everybody[i]] = ledger.balanceOf(everybody[i], PROJECT);
        }
    }

    /// @dev What the entry of a list will be paid, the first time it stands there.
    function _expect(address[] memory list, uint256 index, address payee) private returns (uint256 due) {
        for (uint256 i = 0; i < index; ++i) {
            if (list[i] == list[index]) return 0;
        }
        if (isBarred(list[index])) return 0;
        due = ledger.claimableOf(PROJECT, list[index]);
        notePaid(payee, due);
    }
}
