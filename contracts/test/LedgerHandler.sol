// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITerraLuminaOwnership} from "../ITerraLuminaOwnership.sol";
import {LedgerWorld} from "./LedgerWorld.sol";
import {vm} from "./Vm.sol";

/// @dev What the runner may do at random; it keeps the sums that the contracts must agree with.
contract LedgerHandler is LedgerWorld {
    uint256 public minted;
    uint256 public paidIn;
    uint256 public paidOut;
    uint256 public rounds;
    bytes32[] public investments;

    function mint(uint256 seed, uint56 units, uint16 lockDays) external {
        units = 1 + units % 1000;
        uint16 day = lockDays % 3 == 0 ? 0 : uint16(block.timestamp / 1 days) + lockDays % 50;
        bytes32 id = keccak256(abi.encode(investments.length));
        if (ledger.detectTransferRestriction(address(0), holderAt(seed), PROJECT, units) != 0) return;
        require(ledger.mintInvestment(id, PROJECT, holderAt(seed), units, day), "not minted");
        require(!ledger.mintInvestment(id, PROJECT, holderAt(seed), units, day), "minted twice");
        investments.push(id);
        minted += units;
    }

    function transfer(uint256 fromSeed, uint256 toSeed, uint256 units) external {
        (address from, address to) = (holderAt(fromSeed), holderAt(toSeed));
        uint256 balance = ledger.balanceOf(from, PROJECT);
        units = units % (balance + 2);
        bool allowed = ledger.detectTransferRestriction(from, to, PROJECT, units) == 0 && units <= balance;
        vm.prank(from);
        try ledger.safeTransferFrom(from, to, PROJECT, units, "") {
            require(allowed, "a refused transfer went through");
        } catch {
            require(!allowed, "an allowed transfer was refused");
        }
    }

    function distribute(uint128 amount) external {
        amount = 1 + amount % 1e12;
        try vault.distributeReturns(bytes32(++rounds), PROJECT, amount, 0, "") {
            paidIn += amount;
        } catch {}
    }

    function claim(uint256 seed) external {
        address holder = seed % 5 == 4 ? address(dao) : holderAt(seed);
        uint256 due = ledger.claimableOf(PROJECT, holder);
        try vault.claimFor(PROJECT, holder) returns (uint256 paid) {
            require(paid == due, "paid what wasn't shown");
            paidOut += paid;
        } catch {
            require(due == 0, "a claim was refused");
        }
    }

    function release(uint256 seed) external {
        if (investments.length == 0) return;
        bytes32[] memory ids = new bytes32[](1);
        ids[0] = investments[seed % investments.length];
        try ledger.release(ids) {} catch {}
    }

    function wait_(uint32 time) external {
        vm.warp(block.timestamp + time % 20 days);
    }

    function exit(uint256 seed, uint8 step) external {
        ITerraLuminaOwnership.State state = ledger.projectOf(PROJECT).state;
        if (state == ITerraLuminaOwnership.State.Active && step % 16 == 0) {
            ledger.announceExit(PROJECT, address(dao), uint40(block.timestamp) + NOTICE);
        } else if (state == ITerraLuminaOwnership.State.ExitAnnounced) {
            vm.warp(block.timestamp + NOTICE);
            ledger.beginExit(PROJECT);
        } else if (state == ITerraLuminaOwnership.State.Exiting) {
            address[] memory batch = new address[](2);
            (batch[0], batch[1]) = (holderAt(seed), holderAt(seed / 7));
            ledger.exitBatch(PROJECT, batch);
            try ledger.finalizeExit(PROJECT) {} catch {}
        }
    }
}
