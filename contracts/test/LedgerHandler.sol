// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITerraLuminaOwnership} from "../ITerraLuminaOwnership.sol";
import {ExitHandler} from "./ExitHandler.sol";
import {LedgerActors} from "./LedgerActors.sol";
import {vm} from "./Vm.sol";

/// @dev What the runner may do at random with units and accounts; each call checks its own outcome.
contract LedgerHandler is ExitHandler {
    uint256 private constant MOST_WALLETS = 12;

    bytes32[] public investments;
    /// @dev Units of lots that were taken back.
    uint256 public reversed;

    constructor(LedgerActors world) ExitHandler(world) {}

    function investmentCount() external view returns (uint256) {
        return investments.length;
    }

    function mint(uint256 seed, uint56 units, uint16 lockDays, bool settled) external watched {
        units = 1 + units % 1_000;
        uint16 day = lockDays % 3 == 0 ? 0 : uint16(today()) + lockDays % 50;
        bytes32 id = keccak256(abi.encode(investments.length));
        address investor = holderAt(seed);
        bool allowed = ledger.detectTransferRestriction(address(0), investor, PROJECT, units) == 0;
        if (settled) {
            vm.prank(SELLER);
            require((ledger.mintSettled(PROJECT, ordersOf(id, investor, units, day)) == 1) == allowed, "settled");
            if (allowed) investments.push(id);
            return;
        }
        ITerraLuminaOwnership.Voucher memory voucher = voucherFor(PROJECT, ordersOf(id, investor, units, day));
        try ledger.mintInvestment(id, PROJECT, investor, units, day, voucher) returns (bool minted) {
            require(allowed && minted, "a refused mint went through");
            investments.push(id);
            require(!ledger.mintInvestment(id, PROJECT, investor, units, day, voucher), "minted twice");
        } catch {
            require(!allowed, "an allowed mint was refused");
        }
    }

    function transfer(uint256 fromSeed, uint256 toSeed, uint256 units) external watched {
        (address from, address to) = (holderAt(fromSeed), holderAt(toSeed));
        uint256 balance = ledger.balanceOf(from, PROJECT);
        units = units % (balance + 2);
        bool allowed = ledger.canTransfer(from, to, PROJECT, units) && units <= balance;
        uint256 movable = ledger.movableOf(from, PROJECT);
        bool exempt = ledger.accountOf(to).flags & 4 != 0;
        require(_send(from, to, units) == allowed, "canTransfer is wrong");
        require(!allowed || units <= movable || exempt, "more than is movable");
    }

    /// @dev Twice the same project: the same end as one after the other.
    function transferBatch(uint256 fromSeed, uint256 toSeed, uint256 first, uint256 second) external watched {
        (address from, address to) = (holderAt(fromSeed), holderAt(toSeed));
        if (to == holders[4]) return;
        uint256[] memory ids = new uint256[](2);
        uint256[] memory units = new uint256[](2);
        (ids[0], ids[1]) = (PROJECT, PROJECT);
        uint256 balance = ledger.balanceOf(from, PROJECT);
        (units[0], units[1]) = (first % (balance + 2), second % (balance / 2 + 2));
        uint256 mark = vm.snapshotState();
        bool allowed = _send(from, to, units[0]) && _send(from, to, units[1]);
        bytes memory expected = _bothHoldings(from, to);
        vm.revertToState(mark);
        vm.prank(from);
        try ledger.safeBatchTransferFrom(from, to, ids, units, "") {
            require(allowed, "a batch did what its entries can't");
            require(keccak256(_bothHoldings(from, to)) == keccak256(expected), "batch and entries differ");
        } catch {
            require(!allowed, "a batch was refused, its entries weren't");
        }
    }

    function freeze(uint256 seed, uint56 units) external watched {
        units = units % 4 == 0 ? 0 : units % 1_500;
        try ledger.setFrozenTokens(holderAt(seed), PROJECT, units) {
            require(ledger.getFrozenTokens(holderAt(seed), PROJECT) == units, "frozen");
        } catch {
            require(_isExiting(), "a freeze was refused");
        }
    }

    function force(uint256 fromSeed, uint256 toSeed, uint256 units) external watched {
        (address from, address to) = (holderAt(fromSeed), holderAt(toSeed));
        uint256 balance = ledger.balanceOf(from, PROJECT);
        units = units % (balance + 2);
        uint256 before = ledger.balanceOf(to, PROJECT);
        uint256 frozenBefore = ledger.getFrozenTokens(from, PROJECT);
        try ledger.forcedTransfer(from, to, PROJECT, units) {
            require(from != to && units != 0 && ledger.canReceive(to), "a wrong seizure went through");
            require(ledger.balanceOf(to, PROJECT) == before + units, "seized");
            require(ledger.getFrozenTokens(from, PROJECT) <= frozenBefore, "frozen");
        } catch {}
    }

    function moveLot(uint256 seed, uint256 toSeed) external watched {
        if (investments.length == 0) return;
        try ledger.transferLots(_oneId(seed), holderAt(toSeed), "approved") {
            (address holder,) = ledger.lotOf(investments[seed % investments.length]);
            require(holder == holderAt(toSeed), "lot");
        } catch {}
    }

    function release(uint256 seed) external watched {
        if (investments.length == 0) return;
        uint256 day = ledger.receiptOf(investments[seed % investments.length]).unlockDay;
        try ledger.release(_oneId(seed)) {
            require(day <= today(), "released before its day");
        } catch {}
    }

    function takeBack(uint256 seed) external watched {
        if (investments.length == 0 || seed % 4 != 0) return;
        bytes32 id = investments[seed % investments.length];
        (address holder, ITerraLuminaOwnership.LotState state) = ledger.lotOf(id);
        uint256 balance = ledger.balanceOf(holder, PROJECT);
        uint256 units = ledger.receiptOf(id).units;
        bool allowed = state != ITerraLuminaOwnership.LotState.Reversed && balance >= units && !_isExiting();
        try ledger.reverseInvestment(id, "charge-back") {
            require(allowed, "a refused reversal went through");
            reversed += units;
        } catch {
            require(!allowed, "a reversal was refused");
        }
    }

    /// @dev Bit 2 makes a wallet that lock-ups don't bind, bit 3 a frozen one.
    function setFlags(uint256 seed, uint8 flags, uint40 expiry) external watched {
        flags = flags % 3 == 0 ? flags % 16 : 3;
        setAccount(holderAt(seed), flags, expiry % 5 == 0 ? uint40(timeNow() + 5 days) : type(uint40).max);
    }

    function relink(uint256 seed, bool later) external watched {
        if (everybody.length >= MOST_WALLETS || seed % holders.length == 4) return;
        address from = holderAt(seed);
        address to = address(uint160(0xBEEF000 + everybody.length));
        uint8 flags = ledger.accountOf(from).flags & 8 | 3;
        ITerraLuminaOwnership.Account memory record = recordOf(from, flags, type(uint40).max);
        vm.prank(REGISTRY);
        ledger.relinkWallet(from, to, record);
        holders[seed % holders.length] = to;
        everybody.push(to);
        if (!later) _follow(from);
    }

    function follow(uint256 seed) external watched {
        _follow(everybody[seed % everybody.length]);
    }

    function pause(uint8 luck) external watched {
        if (luck % 4 == 0) ledger.pause();
        else ledger.unpause();
    }

    function _follow(address from) private {
        uint256[] memory ids = new uint256[](1);
        ids[0] = PROJECT;
        try ledger.moveHoldings(from, ids) {
            require(ledger.claimableOf(PROJECT, from) == 0, "money left behind");
        } catch {}
    }

    function _send(address from, address to, uint256 units) private returns (bool) {
        vm.prank(from);
        try ledger.safeTransferFrom(from, to, PROJECT, units, "") {
            return true;
        } catch {
            return false;
        }
    }

    function _bothHoldings(address from, address to) private view returns (bytes memory) {
        return abi.encode(ledger.holdingOf(PROJECT, from), ledger.holdingOf(PROJECT, to), ledger.projectOf(PROJECT));
    }

    function _oneId(uint256 seed) private view returns (bytes32[] memory ids) {
        ids = new bytes32[](1);
        ids[0] = investments[seed % investments.length];
    }

    function _isExiting() private view returns (bool) {
        return stateNow() >= ITerraLuminaOwnership.State.Exiting;
    }
}
