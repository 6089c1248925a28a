// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedgerTypes} from "../ledger/ILedgerTypes.sol";
import {ExitHandler} from "./ExitHandler.sol";
import {LedgerActors} from "./LedgerActors.sol";

/// @dev What an enforcer may do at random, and what follows for locks and frozen units; each refusal is foretold.
abstract contract EnforcementHandler is ExitHandler {
    constructor(LedgerActors world) ExitHandler(world) {}

    function freeze(uint256 seed, uint56 units) external watched(Deed.Plain) {
        units = units % 4 == 0 ? 0 : units % 1_500;
        address holder = holderAt(seed);
        try ledger.setFrozenTokens(holder, PROJECT, units) {
            require(!isExiting(), "frozen in an exit");
            frozenOf[holder] = units;
        } catch {
            require(isExiting(), "a freeze was refused");
            forget();
        }
    }

    function force(uint256 fromSeed, uint256 toSeed, uint256 units) external watched(Deed.Plain) {
        (address from, address to) = (holderAt(fromSeed), toSeed % 7 == 0 ? address(fickle) : holderAt(toSeed));
        uint256 balance = ledger.balanceOf(from, PROJECT);
        units = units % (balance + 2);
        bool allowed = units != 0 && _mayTake(from, to, units, balance);
        uint256 before = ledger.balanceOf(to, PROJECT);
        try ledger.forcedTransfer(from, to, PROJECT, units) {
            require(allowed, "a wrong seizure went through");
            require(ledger.balanceOf(to, PROJECT) == before + units, "seized");
            _unfreeze(from, units, balance);
            carryLocks(from, to, units, balance);
        } catch {
            require(!allowed, "a seizure was refused");
            forget();
        }
    }

    function moveLot(uint256 seed, uint256 toSeed) external watched(Deed.Plain) {
        if (investments.length == 0) return;
        bytes32 id = investments[seed % investments.length];
        (address from, ILedgerTypes.LotState state) = ledger.lotOf(id);
        address to = holderAt(toSeed);
        uint256 balance = ledger.balanceOf(from, PROJECT);
        uint256 units = receipts[id].units;
        bool allowed = state != ILedgerTypes.LotState.Reversed && _mayTake(from, to, units, balance);
        try ledger.transferLots(_only(id), to, "approved") {
            require(allowed, "a wrong transfer of a lot went through");
            (address holder,) = ledger.lotOf(id);
            require(holder == to, "lot");
        } catch {
            require(!allowed, "a transfer of a lot was refused");
            return forget();
        }
        _unfreeze(from, units, balance);
        bool wasNamed = locks[from].remove(id);
        carryLocks(from, to, units, balance);
        uint256 day = receipts[id].unlockDay;
        if (wasNamed && day > today()) locks[to].add(id, units, day, today());
    }

    function release(uint256 seed) external watched(Deed.Plain) {
        if (investments.length == 0) return;
        bytes32 id = investments[seed % investments.length];
        (address holder, ILedgerTypes.LotState state) = ledger.lotOf(id);
        bool allowed = state != ILedgerTypes.LotState.Reversed && receipts[id].unlockDay <= today();
        try ledger.release(_only(id)) {
            require(allowed, "released before its day");
            locks[holder].remove(id);
        } catch {
            require(!allowed, "a release was refused");
            forget();
        }
    }

    function takeBack(uint256 seed) external watched(Deed.Plain) {
        if (investments.length == 0 || seed % 4 != 0) return;
        bytes32 id = investments[seed % investments.length];
        (address holder, ILedgerTypes.LotState state) = ledger.lotOf(id);
        uint256 balance = ledger.balanceOf(holder, PROJECT);
        uint256 units = receipts[id].units;
        bool allowed = state != ILedgerTypes.LotState.Reversed && balance >= units && !isExiting();
        try ledger.reverseInvestment(id, "charge-back") {
            require(allowed, "a refused reversal went through");
        } catch {
            require(!allowed, "a reversal was refused");
            return forget();
        }
        _unfreeze(holder, units, balance);
        locks[holder].remove(id);
        // Of the units left none is free that was locked, as far as there are any.
        if (locks[holder].total() > balance - units) locks[holder].blur(balance - units);
    }

    /// @dev Free units go first; locked ones take the latest day of the sender's along.
    function carryLocks(address from, address to, uint256 units, uint256 balance) internal {
        if (units == 0) return;
        locks[from].settle(today());
        uint256 total = locks[from].total();
        if (total == 0 || units + total <= balance) return;
        uint256 carried = units + total - balance;
        uint256 day = locks[from].until;
        locks[from].blur(total - carried);
        locks[to].add(0, carried, day, today());
    }

    /// @dev Neither freeze nor lock-up nor pause binds an enforcer; what the receiver is, does.
    function _mayTake(address from, address to, uint256 units, uint256 balance) private view returns (bool) {
        bool hasRoom = ledger.balanceOf(to, PROJECT) != 0 || units == balance
            || ledger.projectOf(PROJECT).holders < MAX_HOLDERS;
        bool accepts = to != address(fickle) || !fickle.closed();
        return from != to && !isExiting() && isEligible(to) && units <= balance && hasRoom && accepts;
    }

    /// @dev No more stays frozen than stays.
    function _unfreeze(address from, uint256 units, uint256 balance) private {
        if (frozenOf[from] != 0 && units + frozenOf[from] > balance) frozenOf[from] = balance - units;
    }

    function _only(bytes32 id) private pure returns (bytes32[] memory ids) {
        ids = new bytes32[](1);
        ids[0] = id;
    }
}
