// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedgerTypes} from "../ledger/ILedgerTypes.sol";
import {EnforcementHandler} from "./EnforcementHandler.sol";
import {LedgerActors} from "./LedgerActors.sol";
import {vm} from "./Vm.sol";

/// @dev What the runner may do at random with units and accounts; each refusal is foretold from the records alone.
contract LedgerHandler is EnforcementHandler {
    uint256 private constant MOST_WALLETS = 12;
    uint256 private constant MAX_HOLDER_UNITS = 600_000;

    constructor(LedgerActors world) EnforcementHandler(world) {}

    function mint(uint256 seed, uint56 units, uint16 lockDays, bool settled) external watched(Deed.Plain) {
        units = 1 + units % 1_000;
        uint16 day = lockDays % 3 == 0 ? 0 : uint16(today()) + lockDays % 50;
        bytes32 id = keccak256(abi.encode(investments.length));
        address investor = holderAt(seed);
        bool allowed = _mayMint(investor, units);
        require((ledger.detectTransferRestriction(address(0), investor, PROJECT, units) == 0) == allowed, "mint code");
        if (settled) {
            vm.prank(SELLER);
            require((ledger.mintSettled(PROJECT, ordersOf(id, investor, units, day)) == 1) == allowed, "settled");
            if (allowed) _noteMint(id, investor, units, day);
            return;
        }
        ILedgerTypes.Voucher memory voucher = voucherFor(PROJECT, ordersOf(id, investor, units, day));
        try ledger.mintInvestment(id, PROJECT, investor, units, day, voucher) returns (bool minted) {
            require(allowed && minted, "a refused mint went through");
            _noteMint(id, investor, units, day);
        } catch {
            require(!allowed, "an allowed mint was refused");
            forget();
        }
    }

    /// @dev Any earlier mint once more, whatever happened to it since: nothing is written, nothing is said.
    function replay(uint256 seed, bool many) external {
        if (investments.length == 0) return;
        bytes32 id = investments[seed % investments.length];
        ILedgerTypes.Receipt memory was = receipts[id];
        ILedgerTypes.Order[] memory orders = ordersOf(id, was.investor, was.units, was.unlockDay);
        ILedgerTypes.Voucher memory voucher = voucherFor(PROJECT, orders);
        vm.recordLogs();
        vm.record();
        if (many) require(ledger.mintInvestments(PROJECT, orders, voucher) == 0, "minted twice");
        else require(!ledger.mintInvestment(id, PROJECT, was.investor, was.units, was.unlockDay, voucher), "minted twice");
        (, bytes32[] memory written) = vm.accesses(address(ledger));
        require(written.length == 0 && vm.getRecordedLogs().length == 0, "a replay left a trace");
    }

    function approve(uint256 ownerSeed, uint256 operatorSeed, bool approved) external watched(Deed.Plain) {
        vm.prank(holderAt(ownerSeed));
        ledger.setApprovalForAll(holderAt(operatorSeed), approved);
    }

    function transfer(uint256 fromSeed, uint256 toSeed, uint256 operatorSeed, uint256 units)
        external
        watched(Deed.Plain)
    {
        (address from, address to) = (holderAt(fromSeed), _receiver(toSeed));
        address operator = operatorSeed % 3 == 0 ? holderAt(operatorSeed / 3) : from;
        _send(operator, from, to, PROJECT, units % (ledger.balanceOf(from, PROJECT) + 2));
    }

    /// @dev Any list of both projects, with repeats and nothings: the same end as one after the other.
    function transferBatch(uint256 fromSeed, uint256 toSeed, uint256 operatorSeed, uint256 seed)
        external
        watched(Deed.Plain)
    {
        (address from, address to) = (holderAt(fromSeed), _receiver(toSeed));
        address operator = operatorSeed % 3 == 0 ? holderAt(operatorSeed / 3) : from;
        if (to == address(fickle)) return;
        uint256[] memory ids = new uint256[](seed % 5);
        uint256[] memory units = new uint256[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            ids[i] = seed % 3 == 0 ? SECOND : PROJECT;
            units[i] = (seed >> 8) % (ledger.balanceOf(from, ids[i]) / (1 + (seed >> 128) % 4) + 2);
        }
        uint256 mark = vm.snapshotState();
        // An empty list asks for nothing but the right to act.
        bool allowed = operator == from || ledger.isApprovedForAll(from, operator);
        for (uint256 i = 0; i < ids.length && allowed; ++i) allowed = _send(operator, from, to, ids[i], units[i]);
        bytes memory expected = _bothHoldings(from, to);
        vm.revertToState(mark);
        forget();
        uint256 balance = ledger.balanceOf(from, PROJECT);
        vm.prank(operator);
        try ledger.safeBatchTransferFrom(from, to, ids, units, "") {
            require(allowed, "a batch did what its entries can't");
            require(keccak256(_bothHoldings(from, to)) == keccak256(expected), "batch and entries differ");
        } catch {
            require(!allowed, "a batch was refused, its entries weren't");
            return forget();
        }
        for (uint256 i = 0; i < ids.length && from != to; ++i) {
            if (ids[i] != PROJECT) continue;
            carryLocks(from, to, units[i], balance);
            balance -= units[i];
        }
    }

    function setFickle(bool closed) external {
        fickle.close(closed);
    }

    /// @dev Bit 2 makes a wallet that lock-ups don't bind, bit 3 a frozen one.
    function setFlags(uint256 seed, uint8 flags, uint40 expiry) external watched(Deed.Plain) {
        flags = flags % 3 == 0 ? flags % 16 : 3;
        setAccount(holderAt(seed), flags, expiry % 5 == 0 ? uint40(timeNow() + 5 days) : type(uint40).max);
    }

    function relink(uint256 seed, bool later) external watched(Deed.Relinks) {
        if (everybody.length >= MOST_WALLETS || seed % holders.length == MEDDLER) return;
        address from = holderAt(seed);
        address to = address(uint160(0xBEEF000 + everybody.length));
        uint8 flags = ledger.accountOf(from).flags & 8 | 3;
        ILedgerTypes.Account memory record = recordOf(from, flags, type(uint40).max);
        vm.prank(REGISTRY);
        ledger.relinkWallet(from, to, record);
        holders[seed % holders.length] = to;
        everybody.push(to);
        if (!later) _follow(from, false);
    }

    function follow(uint256 seed) external watched(Deed.Relinks) {
        _follow(everybody[seed % everybody.length], true);
    }

    function pause(uint8 luck) external watched(Deed.Plain) {
        if (luck % 4 == 0) ledger.pause();
        else ledger.unpause();
    }

    /// @dev All wallets of the line, or none: for {_follow}, which can undo it.
    function joinLine(address from) external {
        // The runner calls whatever it finds.
        if (msg.sender != address(this)) return;
        require(ledger.successorOf(from) != address(0), "no line");
        address last = from;
        while (ledger.successorOf(last) != address(0)) last = ledger.successorOf(last);
        for (address wallet = from; wallet != last; wallet = ledger.successorOf(wallet)) {
            require(!isExiting() || ledger.balanceOf(wallet, PROJECT) == 0, "exiting");
            if (ledger.holdingOf(PROJECT, wallet).exited || ledger.holdingOf(PROJECT, last).exited) continue;
            locks[last].join(locks[wallet], today());
            frozenOf[last] += frozenOf[wallet];
            frozenOf[wallet] = 0;
        }
    }

    function _follow(address from, bool alone) private {
        uint256[] memory ids = new uint256[](2);
        (ids[0], ids[1]) = (PROJECT, SECOND);
        bool allowed;
        try this.joinLine(from) {
            allowed = true;
        } catch {}
        try ledger.moveHoldings(from, ids) {
            require(allowed, "a refused move of holdings went through");
            require(ledger.claimableOf(PROJECT, from) == 0, "money left behind");
            require(ledger.balanceOf(from, PROJECT) + ledger.balanceOf(from, SECOND) == 0, "units left behind");
        } catch {
            require(!allowed, "a move of holdings was refused");
            if (alone) forget();
        }
    }

    /// @dev Refused exactly when it should be; and the ledger says so beforehand.
    function _send(address operator, address from, address to, uint256 id, uint256 units) private returns (bool done) {
        uint256 balance = ledger.balanceOf(from, id);
        bool allowed = _mayMove(operator, from, to, id, units, balance);
        require((ledger.detectTransferRestrictionFrom(operator, from, to, id, units) == 0) == allowed, "code");
        require(ledger.canTransfer(from, to, id, units) == _mayMove(from, from, to, id, units, balance), "canTransfer");
        allowed = allowed && units <= balance && (operator == from || ledger.isApprovedForAll(from, operator))
            && (to != address(fickle) || !fickle.closed());
        vm.prank(operator);
        try ledger.safeTransferFrom(from, to, id, units, "") {
            done = true;
        } catch {
            forget();
        }
        require(done == allowed, "a transfer is not what its rules say");
        if (done && from != to && id == PROJECT) carryLocks(from, to, units, balance);
    }

    function _mayMove(address operator, address from, address to, uint256 id, uint256 units, uint256 balance)
        private
        view
        returns (bool)
    {
        if (ledger.paused() || ledger.accountOf(from).flags & 9 != 1 || !isEligible(to)) return false;
        if (operator != from && ledger.accountOf(operator).flags & 8 != 0) return false;
        ILedgerTypes.State state = ledger.projectOf(id).state;
        if (state != ILedgerTypes.State.Active && state != ILedgerTypes.State.ExitAnnounced) return false;
        if (id == PROJECT) {
            // What is frozen binds towards everybody; what is locked not towards those whom lock-ups don't bind.
            if (frozenOf[from] != 0 && units + frozenOf[from] > balance && units != 0) return false;
            uint256 locked = locks[from].lockedOn(today());
            if (locked != 0 && units + locked > balance && ledger.accountOf(to).flags & 4 == 0 && units != 0) return false;
        }
        if (units == 0 || from == to) return true;
        uint256 has = ledger.balanceOf(to, id);
        if (has == 0 && units != balance && ledger.projectOf(id).holders >= MAX_HOLDERS) return false;
        return has + units <= MAX_HOLDER_UNITS;
    }

    function _mayMint(address investor, uint256 units) private view returns (bool) {
        uint256 has = ledger.balanceOf(investor, PROJECT);
        bool hasRoom = has != 0 || ledger.projectOf(PROJECT).holders < MAX_HOLDERS;
        return !ledger.paused() && isEligible(investor) && stateNow() == ILedgerTypes.State.Active && hasRoom
            && book.totalSupply(PROJECT) + units <= CAP && has + units <= MAX_HOLDER_UNITS;
    }

    function _noteMint(bytes32 id, address investor, uint56 units, uint16 day) private {
        investments.push(id);
        receipts[id] = ILedgerTypes.Receipt(investor, units, PROJECT, day);
        mintEpoch = ledger.projectOf(PROJECT).epoch;
        if (day > today()) locks[investor].add(id, units, day, today());
    }

    function _receiver(uint256 seed) private view returns (address) {
        return seed % 7 == 0 ? address(fickle) : holderAt(seed);
    }

    function _bothHoldings(address from, address to) private view returns (bytes memory) {
        return abi.encode(
            ledger.holdingOf(PROJECT, from), ledger.holdingOf(PROJECT, to), ledger.projectOf(PROJECT),
            ledger.holdingOf(SECOND, from), ledger.holdingOf(SECOND, to), ledger.projectOf(SECOND)
        );
    }
}
