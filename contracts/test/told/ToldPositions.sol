// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedgerTypes} from "../../ledger/ILedgerTypes.sol";
import {vm} from "../Vm.sol";

/// @dev Positions, lots and epochs, and how each event changes them.
abstract contract ToldPositions {
    /// @param units Once exited, what the exit took
    /// @param changedAt Epoch in which the balance changed last
    /// @param moved Whether it went to a wallet that took this one's place
    struct Position {
        uint256 units;
        uint256 locked;
        uint256 unlockDay;
        uint256 clearedDay;
        uint256 frozen;
        uint256 changedAt;
        uint256 claimed;
        uint256 carried;
        bool exited;
        bool moved;
    }

    /// @param holder Who got it last, before wallets were replaced
    struct Lot {
        ILedgerTypes.Receipt receipt;
        address holder;
        ILedgerTypes.LotState state;
    }

    struct Epoch {
        uint256 supply;
        uint256 cumulative;
    }

    mapping(uint256 projectId => mapping(address => Position)) internal positions;
    mapping(bytes32 investmentId => Lot) internal lots;
    /// @dev When units were minted last.
    mapping(uint256 projectId => uint256) internal mintEpoch;
    mapping(uint256 projectId => uint256) internal exitEpoch;
    mapping(uint256 projectId => Epoch[]) private _epochs;
    mapping(uint256 projectId => mapping(uint256 epoch => mapping(address => uint256))) private _balances;
    /// @dev Everybody who ever had a position.
    mapping(uint256 projectId => address[]) private _met;
    mapping(uint256 projectId => mapping(address => bool)) private _isMet;

    function balanceOf(address holder, uint256 projectId) public view returns (uint256) {
        return _unitsOf(positions[projectId][holder]);
    }

    function totalSupply(uint256 projectId) public view returns (uint256 supply) {
        address[] storage met = _met[projectId];
        for (uint256 i = 0; i < met.length; ++i) supply += balanceOf(met[i], projectId);
    }

    function getFrozenTokens(address holder, uint256 projectId) external view returns (uint256) {
        return positions[projectId][holder].frozen;
    }

    function holdingOf(uint256 projectId, address holder) external view returns (ILedgerTypes.Holding memory) {
        Position storage its = positions[projectId][holder];
        return ILedgerTypes.Holding({
            balance: _unitsOf(its),
            locked: its.locked,
            unlockDay: its.unlockDay,
            clearedDay: its.clearedDay,
            frozen: its.frozen,
            claimed: its.claimed,
            exited: its.exited,
            carried: its.carried
        });
    }

    function movableOf(address holder, uint256 projectId) external view returns (uint256) {
        Position storage its = positions[projectId][holder];
        uint256 locked = _today() < its.unlockDay ? its.locked : 0;
        uint256 held = locked > its.frozen ? locked : its.frozen;
        uint256 units = _unitsOf(its);
        return held < units ? units - held : 0;
    }

    function claimableOf(uint256 projectId, address holder) external view returns (uint256) {
        Position storage its = positions[projectId][holder];
        uint256 scaled = 0;
        for (uint256 epoch = its.claimed + 1; epoch <= _lastEpochOf(projectId, its); ++epoch) {
            uint256 payout = cumulativeAt(projectId, epoch) - cumulativeAt(projectId, epoch - 1);
            scaled += _balances[projectId][epoch][holder] * payout;
        }
        return its.carried + (scaled >> 64);
    }

    function receiptOf(bytes32 investmentId) external view returns (ILedgerTypes.Receipt memory) {
        return lots[investmentId].receipt;
    }

    function balanceAt(address holder, uint256 projectId, uint256 epoch) external view returns (uint256) {
        return _balances[projectId][epoch][holder];
    }

    function supplyAt(uint256 projectId, uint256 epoch) external view returns (uint256) {
        return epoch == 0 ? 0 : _epochs[projectId][epoch - 1].supply;
    }

    function cumulativeAt(uint256 projectId, uint256 epoch) public view returns (uint256) {
        return epoch == 0 ? 0 : _epochs[projectId][epoch - 1].cumulative;
    }

    /// @dev A unit of rounding for each opening is not held against the project.
    function earnedPerUnitOf(uint256 projectId) external view returns (uint256) {
        uint256 epoch = epochOf(projectId);
        uint256 since = mintEpoch[projectId];
        return (cumulativeAt(projectId, epoch) - cumulativeAt(projectId, since) + epoch - since) >> 64;
    }

    function epochOf(uint256 projectId) public view returns (uint256) {
        return _epochs[projectId].length;
    }

    function holdersOf(uint256 projectId) internal view returns (uint32 count) {
        address[] storage met = _met[projectId];
        for (uint256 i = 0; i < met.length; ++i) {
            if (balanceOf(met[i], projectId) != 0) ++count;
        }
    }

    /// @dev Whether lots that are looked for at a retired wallet are found at the one after it.
    function wasPassedOn(uint256 projectId, address wallet) internal view returns (bool) {
        Position storage its = positions[projectId][wallet];
        if (its.exited) return false;
        return its.moved || (its.units | its.locked | its.unlockDay | its.clearedDay | its.frozen) == 0
            && (its.changedAt | its.claimed | its.carried) == 0;
    }

    function openEpoch(uint256 projectId, uint256 supply, uint256 cumulative) internal {
        _epochs[projectId].push(Epoch(supply, cumulative));
        uint256 epoch = epochOf(projectId);
        address[] storage met = _met[projectId];
        for (uint256 i = 0; i < met.length; ++i) {
            _balances[projectId][epoch][met[i]] = balanceOf(met[i], projectId);
        }
    }

    function mintLot(bytes32 investmentId, ILedgerTypes.Receipt memory receipt) internal {
        require(lots[investmentId].receipt.units == 0, "minted twice");
        bool isLocked = receipt.unlockDay > _today();
        ILedgerTypes.LotState state =
            isLocked || receipt.unlockDay == 0 ? ILedgerTypes.LotState.Open : ILedgerTypes.LotState.Released;
        lots[investmentId] = Lot(receipt, receipt.investor, state);
        Position storage its = _touched(receipt.projectId, receipt.investor);
        its.units += receipt.units;
        if (isLocked) _lock(its, receipt.units, receipt.unlockDay);
        mintEpoch[receipt.projectId] = epochOf(receipt.projectId);
    }

    /// @dev Of a lock-up that goes along {carryLock} came before.
    function moveUnits(uint256 projectId, address from, address to, uint256 units) internal {
        if (units == 0 || from == to) return;
        _clear(positions[projectId][from]);
        _touched(projectId, from).units -= units;
        _touched(projectId, to).units += units;
    }

    function carryLock(uint256 projectId, address from, address to, uint256 units, uint256 day) internal {
        Position storage sender = positions[projectId][from];
        _blur(sender, sender.locked - units);
        _lock(positions[projectId][to], units, day);
    }

    function moveLot(Lot storage lot, address from, address to) internal {
        (uint256 projectId, uint256 units, uint256 day) =
            (lot.receipt.projectId, lot.receipt.units, lot.receipt.unlockDay);
        bool isCounted = _counts(lot, positions[projectId][from]);
        if (isCounted) _unlock(positions[projectId][from], units);
        moveUnits(projectId, from, to, units);
        lot.holder = to;
        if (isCounted && day > _today()) _lock(positions[projectId][to], units, day);
        else lot.state = ILedgerTypes.LotState.Released;
    }

    function releaseLot(Lot storage lot, address holder) internal {
        _unlock(positions[lot.receipt.projectId][holder], lot.receipt.units);
        lot.state = ILedgerTypes.LotState.Released;
    }

    function reverseLot(Lot storage lot, address holder) internal {
        Position storage its = _touched(lot.receipt.projectId, holder);
        if (_counts(lot, its)) _unlock(its, lot.receipt.units);
        its.units -= lot.receipt.units;
        if (its.locked > its.units) _blur(its, its.units);
        lot.state = ILedgerTypes.LotState.Reversed;
    }

    function takeExit(uint256 projectId, address from, address dao, uint256 units) internal {
        positions[projectId][from].exited = true;
        _touched(projectId, dao).units += units;
    }

    /// @dev The event says what is locked at the new wallet; up to which day lots are cleared follows from both positions.
    function moveHolding(uint256 projectId, address from, address to, bytes memory data) internal {
        (uint256 units, uint256 locked, uint256 unlockDay, uint256 carried) =
            abi.decode(data, (uint256, uint256, uint256, uint256));
        Position storage sender = positions[projectId][from];
        Position storage receiver = positions[projectId][to];
        if (!sender.exited && !receiver.exited) {
            _touched(projectId, from).units -= units;
            _touched(projectId, to).units += units;
            if (_hadLots(sender)) {
                if (!_hadLots(receiver)) receiver.clearedDay = sender.clearedDay;
                else receiver.clearedDay = _latest(_today(), _latest(sender.clearedDay, receiver.clearedDay));
            }
            (receiver.locked, receiver.unlockDay) = (locked, unlockDay);
            (sender.locked, sender.unlockDay, sender.clearedDay, sender.frozen) = (0, 0, 0, 0);
        }
        receiver.carried += carried;
        (sender.carried, sender.claimed, sender.moved) = (0, _lastEpochOf(projectId, sender), true);
    }

    /// @dev A position whose balance changes in this epoch. Whoever had nothing at any before starts with all of them paid.
    function _touched(uint256 projectId, address holder) private returns (Position storage its) {
        its = positions[projectId][holder];
        if (!_isMet[projectId][holder]) {
            _isMet[projectId][holder] = true;
            _met[projectId].push(holder);
        }
        uint256 epoch = epochOf(projectId);
        if (its.changedAt == epoch) return its;
        if (its.units == 0 && its.changedAt == 0 && its.claimed == 0) its.claimed = epoch;
        its.changedAt = epoch;
    }

    function _clear(Position storage its) private {
        uint256 day = _today();
        if (its.locked == 0 || day < its.unlockDay) return;
        (its.locked, its.unlockDay, its.clearedDay) = (0, 0, _latest(day, its.clearedDay));
    }

    function _lock(Position storage its, uint256 units, uint256 day) private {
        _clear(its);
        its.locked += units;
        its.unlockDay = _latest(its.unlockDay, day);
    }

    function _unlock(Position storage its, uint256 units) private {
        its.locked -= units;
        if (its.locked == 0) its.unlockDay = 0;
    }

    function _blur(Position storage its, uint256 units) private {
        its.clearedDay = _latest(its.clearedDay, its.unlockDay);
        its.locked = units;
        if (units == 0) its.unlockDay = 0;
    }

    function _lastEpochOf(uint256 projectId, Position storage its) private view returns (uint256) {
        return its.exited ? exitEpoch[projectId] : epochOf(projectId);
    }

    function _counts(Lot storage lot, Position storage its) private view returns (bool) {
        return lot.state == ILedgerTypes.LotState.Open && its.locked != 0 && lot.receipt.unlockDay > its.clearedDay;
    }

    function _hadLots(Position storage its) private view returns (bool) {
        return its.locked != 0 || its.clearedDay != 0;
    }

    function _unitsOf(Position storage its) private view returns (uint256) {
        return its.exited ? 0 : its.units;
    }

    function _today() private view returns (uint256) {
        return vm.getBlockTimestamp() / 1 days;
    }

    function _latest(uint256 one, uint256 other) private pure returns (uint256) {
        return one > other ? one : other;
    }
}
