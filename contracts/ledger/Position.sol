// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @dev One holder in one project, in one word, because every transfer reads and writes two of them:
/// balance:56 | locked:56 | frozen:56 | epoch:24 | claimed:24 | unlockDay:16 | clearedDay:16 | flags:8 from the low end.
/// Read and written as a whole: against a struct of the same layout a transfer saves about 600 gas.
/// - balance: units held; once exited, the units that the exit took
/// - locked: units of lots that were counted as locked and neither released nor cleared
/// - frozen: units that an enforcer froze
/// - epoch: in which the balance last changed; older balances are in the nodes
/// - claimed: last epoch whose payout is paid
/// - unlockDay: on this day all of `locked` is free without anybody's doing
/// - clearedDay: lots with an unlock day up to this one aren't released one by one
type Position is uint256;

using PositionWord for Position global;

library PositionWord {
    uint256 internal constant MAX_UNITS = type(uint56).max;
    uint256 private constant MAX_EPOCH = type(uint24).max;
    uint256 private constant MAX_DAY = type(uint16).max;
    uint256 private constant LOCKED = 56;
    uint256 private constant FROZEN = 112;
    uint256 private constant EPOCH = 168;
    uint256 private constant CLAIMED = 192;
    uint256 private constant UNLOCK_DAY = 216;
    uint256 private constant CLEARED_DAY = 232;
    /// @dev The exit took the units.
    uint256 private constant EXITED = 1 << 248;
    /// @dev Took over unclaimed money from a wallet that was relinked here.
    uint256 private constant CARRIES = 1 << 249;
    /// @dev Everything went to the account's successor.
    uint256 private constant MOVED = 1 << 250;

    function balance(Position self) internal pure returns (uint256) {
        return Position.unwrap(self) & MAX_UNITS;
    }

    function locked(Position self) internal pure returns (uint256) {
        return (Position.unwrap(self) >> LOCKED) & MAX_UNITS;
    }

    function frozen(Position self) internal pure returns (uint256) {
        return (Position.unwrap(self) >> FROZEN) & MAX_UNITS;
    }

    function epoch(Position self) internal pure returns (uint256) {
        return (Position.unwrap(self) >> EPOCH) & MAX_EPOCH;
    }

    function claimed(Position self) internal pure returns (uint256) {
        return (Position.unwrap(self) >> CLAIMED) & MAX_EPOCH;
    }

    function unlockDay(Position self) internal pure returns (uint256) {
        return (Position.unwrap(self) >> UNLOCK_DAY) & MAX_DAY;
    }

    function clearedDay(Position self) internal pure returns (uint256) {
        return (Position.unwrap(self) >> CLEARED_DAY) & MAX_DAY;
    }

    function isExited(Position self) internal pure returns (bool) {
        return Position.unwrap(self) & EXITED != 0;
    }

    function carries(Position self) internal pure returns (bool) {
        return Position.unwrap(self) & CARRIES != 0;
    }

    /// @dev Never had a lot that was counted as locked, nor took over a lock-up.
    function hasNoLockups(Position self) internal pure returns (bool) {
        return self.locked() == 0 && self.clearedDay() == 0;
    }

    function isMoved(Position self) internal pure returns (bool) {
        return Position.unwrap(self) & MOVED != 0;
    }

    /// @dev Nothing was ever written: neither units nor a claim.
    function isFresh(Position self) internal pure returns (bool) {
        return Position.unwrap(self) == 0;
    }

    function withBalance(Position self, uint256 units) internal pure returns (Position) {
        return _with(self, 0, MAX_UNITS, units);
    }

    function withFrozen(Position self, uint256 units) internal pure returns (Position) {
        return _with(self, FROZEN, MAX_UNITS, units);
    }

    function withEpoch(Position self, uint256 value) internal pure returns (Position) {
        return _with(self, EPOCH, MAX_EPOCH, value);
    }

    function withClaimed(Position self, uint256 value) internal pure returns (Position) {
        return _with(self, CLAIMED, MAX_EPOCH, value);
    }

    /// @param unlockDay_ Kept while anything is locked only
    function withLocks(Position self, uint256 units, uint256 unlockDay_, uint256 clearedDay_)
        internal
        pure
        returns (Position)
    {
        self = _with(self, LOCKED, MAX_UNITS, units);
        self = _with(self, UNLOCK_DAY, MAX_DAY, units == 0 ? 0 : unlockDay_);
        return _with(self, CLEARED_DAY, MAX_DAY, clearedDay_);
    }

    function asExited(Position self) internal pure returns (Position) {
        return Position.wrap(Position.unwrap(self) | EXITED);
    }

    function asMoved(Position self) internal pure returns (Position) {
        return Position.wrap(Position.unwrap(self) | MOVED);
    }

    function withCarried(Position self, bool carries_) internal pure returns (Position) {
        uint256 rest = Position.unwrap(self) & ~CARRIES;
        return Position.wrap(carries_ ? rest | CARRIES : rest);
    }

    /// @dev Locked may outlive its day in storage; only what is locked today counts.
    function lockedOn(Position self, uint256 day) internal pure returns (uint256) {
        return day < self.unlockDay() ? self.locked() : 0;
    }

    /// @dev Units that may move: the balance less what is frozen or locked, whichever is more. Frozen may exceed it.
    function movableOn(Position self, uint256 day) internal pure returns (uint256) {
        uint256 held = self.lockedOn(day);
        uint256 frozenUnits = self.frozen();
        return Math.saturatingSub(self.balance(), frozenUnits > held ? frozenUnits : held);
    }

    /// @dev Forgets lots whose day has come, so that a new lot never locks old ones again.
    function clearedOn(Position self, uint256 day) internal pure returns (Position) {
        if (self.locked() == 0 || day < self.unlockDay()) return self;
        return self.withLocks(0, 0, day > self.clearedDay() ? day : self.clearedDay());
    }

    /// @dev Adds a lock-up to what is locked already. `units` are part of the balance, which never exceeds 56 bits.
    function withLock(Position self, uint256 units, uint256 day, uint256 today) internal pure returns (Position) {
        self = self.clearedOn(today);
        uint256 last = self.unlockDay();
        return self.withLocks(self.locked() + units, day > last ? day : last, self.clearedDay());
    }

    /// @dev Takes a counted lot off what is locked.
    function withoutLot(Position self, uint256 units) internal pure returns (Position) {
        return self.withLocks(self.locked() - units, self.unlockDay(), self.clearedDay());
    }

    /// @dev Leaves `units` locked up to the latest day. Of which lots they are isn't known any more, so that none of
    /// the lots is freed one by one.
    function withLocksCut(Position self, uint256 units) internal pure returns (Position) {
        uint256 day = self.unlockDay();
        uint256 cleared = self.clearedDay();
        return self.withLocks(units, day, day > cleared ? day : cleared);
    }

    function _with(Position self, uint256 shift, uint256 mask, uint256 value) private pure returns (Position) {
        return Position.wrap((Position.unwrap(self) & ~(mask << shift)) | value << shift);
    }
}
