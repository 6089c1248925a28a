// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedgerTypes} from "../ledger/ILedgerTypes.sol";
import {LedgerActors} from "./LedgerActors.sol";
import {Locks} from "./LockBook.sol";
import {vm} from "./Vm.sol";

/// @dev What is kept of the ledger beside it, and what is looked at after every call: nobody gains units, loses money or
/// skips a state but as the deed at hand may make it.
abstract contract LedgerWatch is LedgerActors {
    enum Deed {
        Plain, // moves units, no money
        Opens, // an epoch: what is due rises
        Pays, // what is due falls to nothing, holder by holder
        Relinks, // units and money go along to the next wallet
        Exits // only the DAO gains units
    }

    struct Seen {
        uint256 units;
        uint256 other;
        uint256 due;
    }

    bytes32[] public investments;
    /// @dev As they were minted.
    mapping(bytes32 investmentId => ILedgerTypes.Receipt) internal receipts;
    mapping(address holder => Locks) internal locks;
    mapping(address holder => uint256) public frozenOf;
    mapping(address holder => address) public payoutOf;
    /// @dev Money that must have arrived.
    mapping(address payee => uint256) public paid;
    uint256 public paidOut;
    ILedgerTypes.State private _last = ILedgerTypes.State.Active;

    modifier watched(Deed deed) {
        Seen[] memory before = _look();
        bytes32 all = _digest();
        vm.recordLogs();
        _;
        uint256 events = book.read();
        require(events != 0 || _digest() == all, "changed in silence");
        _check(deed, before);
        ILedgerTypes.State present = stateNow();
        require(present == _last || _isEdge(_last, present), "edge");
        _last = present;
    }

    function stateNow() public view returns (ILedgerTypes.State) {
        return ledger.projectOf(PROJECT).state;
    }

    function investmentCount() external view returns (uint256) {
        return investments.length;
    }

    function mintedAs(bytes32 id) external view returns (ILedgerTypes.Receipt memory) {
        return receipts[id];
    }

    function lockedOf(address holder) external view returns (uint256) {
        return locks[holder].lockedOn(today());
    }

    /// @dev The events so far are of a call that was undone.
    function forget() internal {
        vm.getRecordedLogs();
    }

    function payoutAddressOf(address holder) internal view returns (address) {
        return payoutOf[holder] == address(0) ? holder : payoutOf[holder];
    }

    function notePaid(address payee, uint256 amount) internal {
        paid[payee] += amount;
        paidOut += amount;
    }

    /// @dev From the record itself: the ledger's own answers are what is tested.
    function isEligible(address account) internal view returns (bool) {
        ILedgerTypes.Account memory record = ledger.accountOf(account);
        return record.flags & 10 == 2 && record.expiry >= timeNow();
    }

    /// @dev Money of a wallet that was replaced is its successor's.
    function ownerOf(address wallet) internal view returns (address) {
        while (ledger.successorOf(wallet) != address(0)) wallet = ledger.successorOf(wallet);
        return wallet;
    }

    function payeeOf(address holder) internal view returns (address) {
        return payoutAddressOf(ownerOf(holder));
    }

    function isBarred(address holder) internal view returns (bool) {
        return ledger.accountOf(ownerOf(holder)).flags & 8 != 0;
    }

    function isExiting() internal view returns (bool) {
        return stateNow() == ILedgerTypes.State.Exiting || stateNow() == ILedgerTypes.State.Exited;
    }

    function _look() private view returns (Seen[] memory seen) {
        seen = new Seen[](everybody.length);
        for (uint256 i = 0; i < seen.length; ++i) {
            address one = everybody[i];
            seen[i] = Seen(ledger.balanceOf(one, PROJECT), ledger.balanceOf(one, SECOND), ledger.claimableOf(PROJECT, one));
        }
    }

    function _check(Deed deed, Seen[] memory before) private {
        uint256 sumBefore = 0;
        uint256 sum = 0;
        for (uint256 i = 0; i < everybody.length; ++i) {
            address one = everybody[i];
            // A wallet that came in this very call.
            Seen memory was = i < before.length ? before[i] : Seen(0, 0, 0);
            uint256 due = ledger.claimableOf(PROJECT, one);
            bool gains = ledger.balanceOf(one, PROJECT) > was.units || ledger.balanceOf(one, SECOND) > was.other;
            if (deed == Deed.Exits) require(!gains || one == address(dao), "another than the DAO gained");
            else if (deed != Deed.Relinks) require(!gains || isEligible(one), "somebody gained who may not receive");
            sumBefore += was.due;
            sum += due;
            if (deed == Deed.Opens) require(due >= was.due, "money lost");
            else if (deed == Deed.Pays) require(due == was.due || due == 0, "paid in part");
            else if (deed != Deed.Relinks) _checkDue(one, was.due, due);
        }
        if (deed == Deed.Relinks) require(sum == sumBefore, "money lost on the way");
    }

    /// @dev The meddling holder claims in the middle of what it receives; nobody else's money is touched.
    function _checkDue(address holder, uint256 was, uint256 due) private {
        if (due == was) return;
        require(holder == holders[MEDDLER] && due == 0, "somebody's money changed");
        notePaid(payoutAddressOf(holder), was);
    }

    /// @dev All that the views show.
    function _digest() private view returns (bytes32 digest) {
        digest = keccak256(
            abi.encode(ledger.projectOf(PROJECT), ledger.projectOf(SECOND), ledger.exitOf(PROJECT), ledger.paused())
        );
        for (uint256 i = 0; i < everybody.length; ++i) {
            address one = everybody[i];
            digest = keccak256(
                abi.encode(
                    digest, ledger.holdingOf(PROJECT, one), ledger.holdingOf(SECOND, one), ledger.accountOf(one),
                    ledger.successorOf(one)
                )
            );
        }
    }

    function _isEdge(ILedgerTypes.State from, ILedgerTypes.State to) private pure returns (bool) {
        if (from == ILedgerTypes.State.Active) {
            return to == ILedgerTypes.State.Paused || to == ILedgerTypes.State.ExitAnnounced;
        }
        if (from == ILedgerTypes.State.Paused) return to == ILedgerTypes.State.Active;
        if (from == ILedgerTypes.State.ExitAnnounced) {
            return to == ILedgerTypes.State.Active || to == ILedgerTypes.State.Exiting;
        }
        return from == ILedgerTypes.State.Exiting && to == ILedgerTypes.State.Exited;
    }
}
