// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedgerErrors} from "./ledger/ILedgerErrors.sol";
import {ILedgerTypes} from "./ledger/ILedgerTypes.sol";
import {LedgerHandler} from "./test/LedgerHandler.sol";
import {LedgerWorld} from "./test/LedgerWorld.sol";
import {vm} from "./test/Vm.sol";

/// @dev What must hold after any sequence of calls. The handler checks the outcome of each call besides.
contract LedgerInvariants is LedgerWorld {
    LedgerHandler private handler;

    function setUp() public {
        handler = newHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_BalancesAddUpToTheSupplyAndTheReceiptsThatStand() public view {
        uint256 supply = ledger.totalSupply(PROJECT);
        uint256 sum = 0;
        uint256 count = 0;
        for (uint256 i = 0; i < handler.peopleCount(); ++i) {
            uint256 balance = ledger.balanceOf(handler.everybody(i), PROJECT);
            sum += balance;
            if (balance != 0) ++count;
        }
        require(sum == supply && supply <= CAP, "supply");
        require(ledger.projectOf(PROJECT).holders == count && count <= MAX_HOLDERS, "holders");
        uint256 standing = 0;
        for (uint256 i = 0; i < handler.investmentCount(); ++i) {
            bytes32 id = handler.investments(i);
            (, ILedgerTypes.LotState state) = ledger.lotOf(id);
            if (state != ILedgerTypes.LotState.Reversed) standing += ledger.receiptOf(id).units;
        }
        require(standing == supply, "receipts");
    }

    function invariant_AReceiptNeverChanges() public view {
        for (uint256 i = 0; i < handler.investmentCount(); ++i) {
            bytes32 id = handler.investments(i);
            bytes memory was = abi.encode(handler.mintedAs(id));
            require(keccak256(abi.encode(ledger.receiptOf(id))) == keccak256(was), "receipt");
        }
    }

    /// @dev Position by position: neither less nor more is locked than the lots and what became of them say.
    function invariant_NoUnitIsFreeBeforeItsDayNorLockedForLonger() public view {
        uint256 day = today();
        for (uint256 i = 0; i < handler.peopleCount(); ++i) {
            address holder = handler.everybody(i);
            ILedgerTypes.Holding memory holding = ledger.holdingOf(PROJECT, holder);
            if (holding.exited) continue;
            require(holding.locked <= holding.balance, "more than there is");
            uint256 locked = day < holding.unlockDay ? holding.locked : 0;
            require(locked == handler.lockedOf(holder), "locked");
            uint256 held = locked > holding.frozen ? locked : holding.frozen;
            uint256 movable = held < holding.balance ? holding.balance - held : 0;
            require(ledger.movableOf(holder, PROJECT) == movable, "movable");
        }
    }

    function invariant_NothingIsFrozenOrFreedButByAFreezeASeizureARelinkOrAnExit() public view {
        for (uint256 i = 0; i < handler.peopleCount(); ++i) {
            address holder = handler.everybody(i);
            require(ledger.getFrozenTokens(holder, PROJECT) == handler.frozenOf(holder), "frozen");
            require(ledger.getFrozenTokens(holder, SECOND) == 0, "frozen elsewhere");
        }
    }

    /// @dev The book answers from events alone; every view that shows state must say the same.
    function invariant_TheEventsAloneTellEveryView() public view {
        _same(abi.encodeCall(ledger.paused, ()));
        for (uint24 id = PROJECT; id <= SECOND; ++id) _checkProject(id);
        for (uint256 i = 0; i < handler.peopleCount(); ++i) _checkPerson(handler.everybody(i));
        for (uint256 i = 0; i < handler.investmentCount(); ++i) {
            _same(abi.encodeCall(ledger.receiptOf, (handler.investments(i))));
            _same(abi.encodeCall(ledger.lotOf, (handler.investments(i))));
        }
        require(book.investmentCount() == handler.investmentCount() + MAX_HOLDERS, "investments");
        for (uint256 i = 0; i < 3; ++i) _checkPerson(handler.officerAt(i));
        _checkPerson(handler.permitter());
        book.check(address(vault), abi.encodeCall(vault.isTokenAllowed, (address(token))));
        book.check(address(vault), abi.encodeCall(vault.isTokenAllowed, (address(fickle))));
        for (uint256 i = 0; i < book.distributionCount(); ++i) {
            book.check(address(vault), abi.encodeCall(vault.distributionOf, (book.distributionIds(i))));
        }
    }

    function invariant_EveryEpochKeepsItsBalancesForEver() public view {
        uint256 epochs = ledger.projectOf(PROJECT).epoch;
        for (uint256 epoch = 1; epoch <= epochs; ++epoch) {
            uint256 sum = 0;
            for (uint256 i = 0; i < handler.peopleCount(); ++i) {
                address holder = handler.everybody(i);
                uint256 balance = ledger.balanceAt(holder, PROJECT, epoch);
                require(balance == handler.recorded(epoch, holder), "history");
                sum += balance;
            }
            require(sum == ledger.supplyAt(PROJECT, epoch), "supply of an epoch");
        }
    }

    function invariant_AnExitedProjectIsTheDaosAlone() public view {
        if (handler.stateNow() != ILedgerTypes.State.Exited) return;
        require(ledger.balanceOf(address(dao), PROJECT) == ledger.totalSupply(PROJECT), "left out");
    }

    function _checkProject(uint24 id) private view {
        _same(abi.encodeCall(ledger.projectOf, (id)));
        _same(abi.encodeCall(ledger.uri, (id)));
        _same(abi.encodeCall(ledger.exists, (id)));
        _same(abi.encodeCall(ledger.totalSupply, (id)));
        _same(abi.encodeCall(ledger.payoutTokenOf, (id)));
        _same(abi.encodeCall(ledger.blockedCountriesOf, (id)));
        _same(abi.encodeCall(ledger.mintedToday, (id)));
        _same(abi.encodeCall(ledger.exitOf, (id)));
        _same(abi.encodeCall(ledger.earnedPerUnitOf, (id)));
        book.check(address(vault), abi.encodeCall(vault.clawbackOf, (id)));
        for (uint256 epoch = 0; epoch <= ledger.projectOf(id).epoch; ++epoch) {
            _same(abi.encodeCall(ledger.supplyAt, (id, epoch)));
            _same(abi.encodeCall(ledger.cumulativeAt, (id, epoch)));
        }
    }

    function _checkPerson(address one) private view {
        _same(abi.encodeCall(ledger.accountOf, (one)));
        _same(abi.encodeCall(ledger.roleOf, (one)));
        _same(abi.encodeCall(ledger.successorOf, (one)));
        _same(abi.encodeCall(ledger.nonces, (one)));
        book.check(address(vault), abi.encodeCall(vault.payoutAddressOf, (one)));
        for (uint256 i = 0; i < 5; ++i) _same(abi.encodeCall(ledger.isApprovedForAll, (one, handler.holders(i))));
        for (uint256 i = 0; i < 3; ++i) _same(abi.encodeCall(ledger.isApprovedForAll, (one, handler.officerAt(i))));
        for (uint24 id = PROJECT; id <= SECOND; ++id) {
            _same(abi.encodeCall(ledger.holdingOf, (id, one)));
            _same(abi.encodeCall(ledger.balanceOf, (one, id)));
            _same(abi.encodeCall(ledger.getFrozenTokens, (one, id)));
            _same(abi.encodeCall(ledger.movableOf, (one, id)));
            _same(abi.encodeCall(ledger.claimableOf, (id, one)));
            for (uint256 epoch = 1; epoch <= ledger.projectOf(id).epoch; ++epoch) {
                _same(abi.encodeCall(ledger.balanceAt, (one, id, epoch)));
            }
        }
    }

    function _same(bytes memory question) private view {
        book.check(address(ledger), question);
    }
}

/// @dev What must hold for any arguments.
contract LedgerFuzz is LedgerWorld {
    function testFuzz_AnyChangeOfAMintedInvestmentIsRefused(
        bytes32 id, uint56 units, uint16 day, uint24 project2, uint8 holder2, uint56 units2, uint16 day2
    ) public {
        vm.assume(id != 0);
        units = 1 + units % (CAP / 2);
        mintOne(PROJECT, id, holders[0], units, day);
        address other = holderAt(holder2);
        bool same = project2 == PROJECT && other == holders[0] && units2 == units && day2 == day;
        ILedgerTypes.Voucher memory voucher = voucherFor(project2, ordersOf(id, other, units2, day2));
        if (units2 == 0) vm.expectPartialRevert(ILedgerErrors.ZeroUnits.selector);
        else if (!same) vm.expectRevert(abi.encodeWithSelector(ILedgerErrors.InvestmentConflict.selector, id));
        ledger.mintInvestment(id, project2, other, units2, day2, voucher);
        require(!mintOne(PROJECT, id, holders[0], units, day), "identical");
        require(ledger.totalSupply(PROJECT) == units, "supply");
    }

    function testFuzz_AVoucherIsForNothingButWhatWasSigned(
        uint24 projectId, bytes32 id, address investor, uint56 units, uint16 day, uint40 deadline, bytes calldata signature
    ) public {
        vm.assume(id != 0 && units != 0);
        bytes32 first = "first";
        ILedgerTypes.Voucher memory voucher = voucherFor(PROJECT, ordersOf(first, holders[0], 5, 0));
        vm.expectPartialRevert(ILedgerErrors.InvalidVoucher.selector);
        ledger.mintInvestment(id, projectId, investor, units, day, voucher);
        voucher.signature = signature;
        deadline = uint40(timeNow()) + deadline % 365 days;
        voucher.deadline = deadline;
        vm.expectPartialRevert(ILedgerErrors.InvalidVoucher.selector);
        ledger.mintInvestment(first, PROJECT, holders[0], 5, 0, voucher);
    }

    /// @dev All that an indexer or a wallet asks, whatever it asks it with.
    function testFuzz_ViewsOfErc7943NeverRevert(
        address operator, address from, address to, uint256 id, uint256 units, uint8 flags, uint40 expiry, uint8 luck
    ) public {
        if (from != address(0) && luck % 2 == 0) setAccount(from, flags % 16, expiry);
        mintOne(PROJECT, "a", holders[0], 5, type(uint16).max);
        ledger.setFrozenTokens(holders[0], PROJECT, units);
        if (luck % 3 == 1) ledger.setProjectState(PROJECT, ILedgerTypes.State.Paused, 0);
        if (luck % 5 == 1) ledger.pause();
        if (luck % 7 < 2) id = PROJECT;
        uint8 code = ledger.detectTransferRestriction(from, to, id, units);
        require(ledger.canTransfer(from, to, id, units) == (code == 0), "canTransfer");
        ledger.detectTransferRestrictionFrom(operator, holders[0], to, id, units);
        ledger.detectTransferRestriction(holders[0], holders[1], PROJECT, units);
        ledger.detectTransferRestriction(from, holders[0], PROJECT, units);
        ledger.messageForTransferRestriction(uint8(units));
        require(ledger.getFrozenTokens(holders[0], PROJECT) == (units < 2 ** 56 ? units : 2 ** 56 - 1), "frozen");
        (ledger.canSend(from), ledger.canReceive(to), ledger.getFrozenTokens(from, id));
        (ledger.claimableOf(id, from), ledger.movableOf(from, id), ledger.balanceAt(from, id, units));
    }

    /// @dev All at once, or in any order, in lists of any length, with repeats, strangers and the DAO among them.
    function testFuzz_TheOrderOfAnExitDoesNotMatter(uint256 order, uint8 length, uint56 units) public {
        for (uint256 i = 0; i < 4; ++i) {
            mintOne(PROJECT, bytes32(i + 1), holders[i], 1 + (units >> i) % 1_000, i == 2 ? type(uint16).max : 0);
        }
        ledger.setFrozenTokens(holders[1], PROJECT, units);
        distributeAs(TREASURER, "r", ledger.totalSupply(PROJECT) * EXIT_TARGET);
        ledger.announceExit(PROJECT, address(dao), uint40(timeNow()) + NOTICE);
        vm.warp(timeNow() + NOTICE);
        ledger.beginExit(PROJECT);
        uint256 mark = vm.snapshotState();
        require(ledger.exitBatch(PROJECT, everybody) == 0, "complete");
        bytes32 expected = _end();
        vm.revertToState(mark);
        uint256 remaining = 1;
        for (uint256 i = 0; remaining != 0; ++i) {
            address[] memory list = new address[](1 + length % 5);
            for (uint256 j = 0; j < list.length; ++j) {
                order = uint256(keccak256(abi.encode(order)));
                list[j] = j == 0 && i >= everybody.length ? everybody[i % everybody.length] : everybody[order % everybody.length];
            }
            remaining = ledger.exitBatch(PROJECT, list);
        }
        require(_end() == expected, "end");
    }

    function test_InterfacesAreDeclared() public view {
        bytes4[4] memory spoken = [bytes4(0x01ffc9a7), 0xd9b67a26, 0x0e89341c, 0x41c4fbad];
        for (uint256 i = 0; i < 4; ++i) require(ledger.supportsInterface(spoken[i]), "not declared");
        require(!ledger.supportsInterface(0xffffffff), "declared");
    }

    /// @dev What everybody has and may claim.
    function _end() private view returns (bytes32 digest) {
        digest = keccak256(abi.encode(ledger.projectOf(PROJECT)));
        for (uint256 i = 0; i < everybody.length; ++i) {
            ILedgerTypes.Holding memory holding = ledger.holdingOf(PROJECT, everybody[i]);
            digest = keccak256(abi.encode(digest, holding, ledger.claimableOf(PROJECT, everybody[i])));
        }
    }
}
