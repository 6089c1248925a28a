// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITerraLuminaOwnership} from "../ITerraLuminaOwnership.sol";
import {LedgerActors} from "./LedgerActors.sol";
import {vm} from "./Vm.sol";

/// @dev What the runner may do at random with money, time and exits; it keeps what the contracts must agree with.
abstract contract ExitHandler is LedgerActors {
    uint256 public paidIn;
    uint256 public rounds;
    /// @dev Balances when each epoch opened.
    mapping(uint256 epoch => mapping(address holder => uint256)) public recorded;
    ITerraLuminaOwnership.State private _last = ITerraLuminaOwnership.State.Active;

    constructor(LedgerActors world) {
        (ledger, vault, token, dao) = (world.ledger(), world.vault(), world.token(), world.dao());
        for (uint256 i = 0; i < 5; ++i) holders.push(world.holders(i));
        for (uint256 i = 0; i < world.peopleCount(); ++i) everybody.push(world.everybody(i));
    }

    /// @dev No call takes a project along an edge that there isn't, nor touches the money of a holder but by paying it.
    modifier watched() {
        _;
        ITerraLuminaOwnership.State present = stateNow();
        require(present == _last || _isEdge(_last, present), "edge");
        _last = present;
    }

    function stateNow() public view returns (ITerraLuminaOwnership.State) {
        return ledger.projectOf(PROJECT).state;
    }

    function distribute(uint128 amount, bool isVote) external watched {
        amount = 1 + amount % 1e12;
        bool allowed = ledger.totalSupply(PROJECT) != 0 && stateNow() != ITerraLuminaOwnership.State.Exiting;
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
        if (opened) _record();
    }

    /// @dev Everything at once, nothing twice, and neither a pause nor an exit in the way.
    function claim(uint256 seed) external watched {
        address holder = everybody[seed % everybody.length];
        uint256 due = ledger.claimableOf(PROJECT, holder);
        uint256 before = token.balanceOf(holder);
        bool barred = ledger.accountOf(holder).flags & 24 != 0;
        try vault.claimFor(PROJECT, holder) returns (uint256 paid) {
            require(!barred && paid == due && due != 0, "paid what wasn't shown");
            require(token.balanceOf(holder) == before + due, "paid to another");
            require(ledger.claimableOf(PROJECT, holder) == 0, "paid twice");
        } catch {
            require(barred || due == 0, "a claim was refused");
        }
    }

    function wait_(uint32 time) external {
        vm.warp(timeNow() + time % 20 days);
    }

    function stop(uint8 luck) external watched {
        ITerraLuminaOwnership.State state = stateNow();
        if (state == ITerraLuminaOwnership.State.Active && luck % 8 == 0) {
            ledger.setProjectState(PROJECT, ITerraLuminaOwnership.State.Paused, "x");
        } else if (state == ITerraLuminaOwnership.State.Paused) {
            ledger.setProjectState(PROJECT, ITerraLuminaOwnership.State.Active, "x");
        }
    }

    function announce(uint8 luck) external watched {
        ITerraLuminaOwnership.State state = stateNow();
        if (state == ITerraLuminaOwnership.State.Active && luck % 4 == 0 && ledger.totalSupply(PROJECT) != 0) {
            ledger.announceExit(PROJECT, address(dao), uint40(timeNow()) + NOTICE);
        } else if (state == ITerraLuminaOwnership.State.ExitAnnounced && luck % 16 == 1) {
            ledger.cancelExit(PROJECT);
        }
    }

    function begin(uint8 luck, bool byBuyOut) external watched {
        if (stateNow() != ITerraLuminaOwnership.State.ExitAnnounced) return;
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
                return;
            }
        } else {
            uint256 epoch = ledger.projectOf(PROJECT).epoch;
            bool isMet = (ledger.cumulativeAt(PROJECT, epoch) + epoch) >> 64 >= EXIT_TARGET;
            try ledger.beginExit(PROJECT) {
                require(isTime && isMet, "begun too early");
            } catch {
                require(!isTime || !isMet, "not begun");
                return;
            }
        }
        _record();
        // A buy-out opened two: one that paid, one for the exit. Balances are the same.
        if (byBuyOut) _recordAt(ledger.projectOf(PROJECT).epoch - 1);
    }

    function exitBatch(uint256 seed) external watched {
        if (stateNow() != ITerraLuminaOwnership.State.Exiting || ledger.paused()) return;
        address[] memory batch = _someOf(seed);
        uint256 due = ledger.claimableOf(PROJECT, batch[0]);
        uint256 supply = ledger.totalSupply(PROJECT);
        uint256 before = supply - ledger.balanceOf(address(dao), PROJECT);
        uint256 remaining = ledger.exitBatch(PROJECT, batch);
        require(remaining <= before, "remaining rose");
        require(remaining == supply - ledger.balanceOf(address(dao), PROJECT), "remaining");
        require(ledger.totalSupply(PROJECT) == supply, "supply");
        require(ledger.balanceOf(batch[0], PROJECT) == 0 || batch[0] == address(dao), "left");
        require(ledger.claimableOf(PROJECT, batch[0]) == due, "an exit changed what is due");
        try ledger.finalizeExit(PROJECT) {
            require(remaining == 0, "ended too early");
        } catch {
            require(remaining != 0, "not ended");
        }
    }

    /// @dev Everybody, now and then, or no exit would ever end; else two, one of them twice, and the DAO.
    function _someOf(uint256 seed) private view returns (address[] memory batch) {
        if (seed % 3 == 0) return everybody;
        batch = new address[](4);
        (batch[0], batch[1]) = (everybody[seed % everybody.length], everybody[seed / 7 % everybody.length]);
        (batch[2], batch[3]) = (batch[0], address(dao));
    }

    function _record() internal {
        _recordAt(ledger.projectOf(PROJECT).epoch);
    }

    function _recordAt(uint256 epoch) private {
        for (uint256 i = 0; i < everybody.length; ++i) {
            recorded[epoch][everybody[i]] = ledger.balanceOf(everybody[i], PROJECT);
        }
    }

    function _isEdge(ITerraLuminaOwnership.State from, ITerraLuminaOwnership.State to) private pure returns (bool) {
        if (from == ITerraLuminaOwnership.State.Active) {
            return to == ITerraLuminaOwnership.State.Paused || to == ITerraLuminaOwnership.State.ExitAnnounced;
        }
        if (from == ITerraLuminaOwnership.State.Paused) return to == ITerraLuminaOwnership.State.Active;
        if (from == ITerraLuminaOwnership.State.ExitAnnounced) {
            return to == ITerraLuminaOwnership.State.Active || to == ITerraLuminaOwnership.State.Exiting;
        }
        return from == ITerraLuminaOwnership.State.Exiting && to == ITerraLuminaOwnership.State.Exited;
    }
}
