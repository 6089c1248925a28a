// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

struct LockedLot {
    bytes32 id;
    uint256 units;
    uint256 day;
}

/// @dev Lock-ups of one holder: lots that are locked one by one, and locked units of which nobody knows any more of which
/// lot they are. While any is locked all of them count, until each is released or the last day comes.
/// @param until Day on which all of it is free
/// @param watermark Lots with a day up to this one aren't released one by one
struct Locks {
    LockedLot[] lots;
    uint256 loose;
    uint256 until;
    uint256 watermark;
}

using LockBook for Locks global;

/// @dev The rules of lock-ups, told by lists and without packed words: what the ledger must agree with.
library LockBook {
    error LockupsCollide();

    function total(Locks storage self) internal view returns (uint256 sum) {
        sum = self.loose;
        for (uint256 i = 0; i < self.lots.length; ++i) sum += self.lots[i].units;
    }

    function lockedOn(Locks storage self, uint256 day) internal view returns (uint256) {
        return day < self.until ? self.total() : 0;
    }

    function hadNone(Locks storage self) internal view returns (bool) {
        return self.total() == 0 && self.watermark == 0;
    }

    /// @dev Forgets what is over.
    function settle(Locks storage self, uint256 day) internal {
        if (self.total() == 0 || day < self.until) return;
        if (day > self.watermark) self.watermark = day;
        _empty(self);
    }

    /// @param id Zero for units of no lot in particular
    function add(Locks storage self, bytes32 id, uint256 units, uint256 day, uint256 today) internal {
        self.settle(today);
        if (id != 0 && day > self.watermark) {
            self.lots.push(LockedLot(id, units, day));
        } else {
            self.loose += units;
        }
        if (day > self.until) self.until = day;
    }

    /// @return found Whether the lot was one of them
    function remove(Locks storage self, bytes32 id) internal returns (bool found) {
        for (uint256 i = 0; i < self.lots.length && !found; ++i) {
            if (self.lots[i].id != id) continue;
            self.lots[i] = self.lots[self.lots.length - 1];
            self.lots.pop();
            found = true;
        }
        if (self.total() == 0) self.until = 0;
    }

    /// @dev `units` stay locked up to the last day; of which lots isn't known any more.
    function blur(Locks storage self, uint256 units) internal {
        uint256 day = self.until;
        if (day > self.watermark) self.watermark = day;
        _empty(self);
        (self.loose, self.until) = (units, units == 0 ? 0 : day);
    }

    /// @dev Takes over everything of `other`: possible where one of the two never had any, or where one's are over. In the
    /// second case lots whose day has come aren't released one by one any more.
    function join(Locks storage self, Locks storage other, uint256 today) internal {
        if (other.hadNone()) return;
        bool isFirst = self.hadNone();
        if (!isFirst) {
            self.settle(today);
            other.settle(today);
            if (self.total() != 0 && other.total() != 0) revert LockupsCollide();
        }
        for (uint256 i = 0; i < other.lots.length; ++i) self.lots.push(other.lots[i]);
        self.loose += other.loose;
        if (other.until > self.until) self.until = other.until;
        if (other.watermark > self.watermark) self.watermark = other.watermark;
        if (!isFirst) _forgetLots(self, today > self.watermark ? today : self.watermark);
        _empty(other);
        other.watermark = 0;
    }

    function _forgetLots(Locks storage self, uint256 watermark) private {
        self.watermark = watermark;
        for (uint256 i = self.lots.length; i > 0; --i) {
            if (self.lots[i - 1].day > watermark) continue;
            self.loose += self.lots[i - 1].units;
            self.lots[i - 1] = self.lots[self.lots.length - 1];
            self.lots.pop();
        }
    }

    function _empty(Locks storage self) private {
        delete self.lots;
        (self.loose, self.until) = (0, 0);
    }
}
