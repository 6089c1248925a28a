// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITerraLuminaSale} from "./ITerraLuminaSale.sol";
import {ILedgerTypes} from "./ledger/ILedgerTypes.sol";
import {ISaleTypes} from "./sale/ISaleTypes.sol";
import {SaleHandler} from "./test/SaleHandler.sol";
import {SaleWorld} from "./test/SaleWorld.sol";
import {vm} from "./test/Vm.sol";

/// @dev What must hold after any sequence of calls.
contract SaleInvariants is SaleWorld {
    SaleHandler private handler;

    function setUp() public {
        handler = new SaleHandler(this);
        manager.grantRole(manager.ADMIN_ROLE(), address(handler), 0);
        ledger.setRole(address(handler), ILedgerTypes.Role.Registrar);
        book.read();
        handler.begin();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_TheEscrowIsTheSumOfOpenCommitments() public view {
        uint256 held = 0;
        for (uint24 projectId = FIRST; projectId <= SECOND; ++projectId) {
            ISaleTypes.Sale memory shown = sale.saleOf(projectId);
            (uint256 open, uint256 fiat, uint256 settled, uint256 escrow) = _sums(projectId);
            require(shown.openUnits == open && shown.openFiatUnits == fiat, "open units");
            require(shown.settledUnits == settled, "settled units");
            require(shown.escrow == escrow, "escrow");
            require(open + settled <= shown.terms.hardCapUnits, "hard cap");
            require(fiat <= shown.terms.maxFiatUnits, "fiat");
            held += shown.escrow + shown.proceeds;
        }
        require(currency.balanceOf(address(sale)) == held, "money held");
    }

    function invariant_MoneyComesBackOrGoesToTheTreasuryAndNowhereElse() public view {
        uint256 held = currency.balanceOf(address(sale));
        require(handler.paidIn() == held + handler.paidBack() + handler.paidOut(), "conservation");
        require(currency.balanceOf(TREASURY) == handler.paidOut(), "treasury");
    }

    function invariant_UnitsExistForSettledCommitmentsOfASuccessOnly() public view {
        for (uint24 projectId = FIRST; projectId <= SECOND; ++projectId) {
            ISaleTypes.Sale memory shown = sale.saleOf(projectId);
            uint256 supply = ledger.totalSupply(projectId);
            require(supply == shown.settledUnits + _underVouchers(projectId), "units");
            if (supply == 0 && shown.proceeds == 0) continue;
            require(shown.state == ISaleTypes.SaleState.Succeeded, "too early");
        }
    }

    /// @dev Whatever vouchers mint under the ids of commitments, and whatever wallets are replaced.
    function invariant_NobodyGetsTheUnitsAndTheMoney() public view {
        for (uint256 i = 0; i < handler.idCount(); ++i) {
            bytes32 id = handler.ids(i);
            ISaleTypes.CommitmentState state = sale.commitmentOf(id).state;
            if (state == ISaleTypes.CommitmentState.Settled) require(handler.isMinted(id), "settled, not minted");
            if (state == ISaleTypes.CommitmentState.Refunded) require(!handler.isMinted(id), "minted and paid back");
        }
    }

    function invariant_TheOutcomeIsWhatTheTargetSaysAndNeverChanges() public view {
        for (uint24 projectId = FIRST; projectId <= SECOND; ++projectId) {
            ISaleTypes.Sale memory shown = sale.saleOf(projectId);
            ISaleTypes.SaleState outcome = handler.outcome(projectId);
            if (outcome == ISaleTypes.SaleState.None) {
                require(shown.state == ISaleTypes.SaleState.Open, "undecided");
            } else {
                require(shown.state == outcome, "changed");
                bool success = handler.unitsAtOutcome(projectId) >= shown.terms.targetUnits;
                require((outcome == ISaleTypes.SaleState.Succeeded) == success, "target");
            }
        }
    }

    function invariant_InvestorsAreCountedOnceEach() public view {
        for (uint24 projectId = FIRST; projectId <= SECOND; ++projectId) {
            uint256 investors = 0;
            uint256 units = 0;
            for (uint256 i = 0; i < 5; ++i) {
                uint256 theirs = sale.committedUnitsOf(projectId, buyerAt(i));
                if (theirs != 0) ++investors;
                units += theirs;
            }
            ISaleTypes.Sale memory shown = sale.saleOf(projectId);
            require(shown.investors == investors, "investors");
            require(uint256(shown.openUnits) + shown.settledUnits == units, "units of investors");
        }
    }

    /// @dev The book answers from events alone; every view that shows state must say the same.
    function invariant_TheEventsAloneTellEveryView() public view {
        for (uint24 projectId = FIRST; projectId <= SECOND; ++projectId) {
            book.check(address(sale), abi.encodeCall(sale.saleOf, (projectId)));
            book.check(address(ledger), abi.encodeCall(ledger.projectOf, (projectId)));
            for (uint256 i = 0; i < 5; ++i) {
                book.check(address(sale), abi.encodeCall(sale.committedUnitsOf, (projectId, handler.walletAt(i))));
                book.check(address(ledger), abi.encodeCall(ledger.holdingOf, (projectId, handler.walletAt(i))));
            }
        }
        for (uint256 i = 0; i < 5; ++i) book.check(address(sale), abi.encodeCall(sale.refundAddressOf, (buyerAt(i))));
        for (uint256 i = 0; i < handler.idCount(); ++i) {
            book.check(address(sale), abi.encodeCall(sale.commitmentOf, (handler.ids(i))));
        }
    }

    /// @dev Units of mints under the id of a commitment that isn't settled.
    function _underVouchers(uint24 projectId) private view returns (uint256 units) {
        for (uint256 i = 0; i < handler.idCount(); ++i) {
            ILedgerTypes.Receipt memory receipt = ledger.receiptOf(handler.ids(i));
            bool settled = sale.commitmentOf(handler.ids(i)).state == ISaleTypes.CommitmentState.Settled;
            if (receipt.projectId == projectId && !settled) units += receipt.units;
        }
    }

    function _sums(uint24 projectId)
        private
        view
        returns (uint256 open, uint256 fiat, uint256 settled, uint256 escrow)
    {
        for (uint256 i = 0; i < handler.idCount(); ++i) {
            ISaleTypes.Commitment memory commitment = sale.commitmentOf(handler.ids(i));
            if (commitment.projectId != projectId) continue;
            if (commitment.state == ISaleTypes.CommitmentState.Settled) settled += commitment.units;
            if (commitment.state != ISaleTypes.CommitmentState.Open) continue;
            open += commitment.units;
            escrow += commitment.amount;
            if (commitment.method == ISaleTypes.Method.Fiat) fiat += commitment.units;
        }
    }
}

/// @dev What must hold for any arguments.
contract SaleFuzz is SaleWorld {
    address private alice = buyerAt(1);

    function testFuzz_ACommitmentCostsExactlyUnitsTimesPriceAndComesBackWhole(uint96 price, uint56 units) public {
        price = price == 0 ? 1 : price;
        units = 1 + units % CAP;
        sale.openSale(FIRST, termsOf(price, CAP, CAP));
        uint256 cost = uint256(price) * units;
        bytes32 id = _commit(units, cost);
        require(sale.saleOf(FIRST).escrow == cost && currency.balanceOf(alice) == 0, "cost");
        vm.prank(alice);
        sale.cancel(id);
        require(currency.balanceOf(alice) == cost && currency.balanceOf(address(sale)) == 0, "back");
    }

    function testFuzz_ASaleSucceedsExactlyWhenItsTargetIsMet(uint56 target, uint56 units) public {
        target = 1 + target % CAP;
        units = 1 + units % CAP;
        sale.openSale(FIRST, termsOf(3, target, CAP));
        bytes32 id = _commit(units, uint256(units) * 3);
        vm.warp(sale.saleOf(FIRST).finalizableAt);
        bool success = sale.finalize(FIRST) == ISaleTypes.SaleState.Succeeded;
        require(success == (units >= target), "outcome");
        bytes32[] memory ids = new bytes32[](1);
        ids[0] = id;
        if (success) sale.settle(FIRST, ids);
        else sale.refund(id);
        require(ledger.balanceOf(alice, FIRST) == (success ? units : 0), "units");
        require(currency.balanceOf(alice) == (success ? 0 : uint256(units) * 3), "money");
    }

    /// @dev At any second either the buyer can cancel or the sale may be decided, never both.
    function testFuzz_ARightToCancelAndADecisionNeverMeet(uint40 committedAfter, uint40 laterBy) public {
        sale.openSale(FIRST, termsOf(3, 1, CAP));
        uint256 opensAt = timeNow();
        vm.warp(opensAt + committedAfter % 60 days);
        bytes32 id = _commit(5, 15);
        uint256 end = opensAt + 58 days > timeNow() + 4 days ? opensAt + 58 days : timeNow() + 4 days;
        require(sale.commitmentOf(id).cancellableUntil == end, "until");
        vm.warp(timeNow() + laterBy % 70 days);
        bool cancellable = timeNow() < end;
        bool decidable = timeNow() >= end && timeNow() >= opensAt + 60 days;
        try sale.finalize(FIRST) {
            require(decidable, "decided");
            return;
        } catch {
            require(!decidable, "undecided");
        }
        vm.prank(alice);
        try sale.cancel(id) {
            require(cancellable, "cancelled");
        } catch {
            require(!cancellable, "not cancelled");
        }
    }

    function testFuzz_AnAttestationIsForNothingButWhatWasSigned(
        uint24 projectId,
        bytes32 id,
        address buyer,
        uint56 units,
        uint40 deadline,
        bytes calldata signature
    ) public {
        sale.openSale(FIRST, termsOf(3, 1, CAP));
        sale.openSale(SECOND, termsOf(3, 1, CAP));
        vm.assume(id != 0);
        bytes32 hash = sale.hashOfFiatCommitment(FIRST, bytes32(uint256(1)), alice, 5, type(uint40).max);
        deadline = uint40(timeNow()) + deadline % 365 days;
        vm.prank(MINTER);
        vm.expectPartialRevert(ITerraLuminaSale.InvalidAttestation.selector);
        sale.commitFiat(projectId, id, buyer, units, deadline, signed(hash));
        vm.prank(MINTER);
        vm.expectPartialRevert(ITerraLuminaSale.InvalidAttestation.selector);
        sale.commitFiat(FIRST, bytes32(uint256(1)), alice, 5, type(uint40).max, signature);
    }

    function _commit(uint56 units, uint256 cost) private returns (bytes32) {
        currency.mint(alice, cost);
        vm.prank(alice);
        currency.approve(address(sale), cost);
        vm.prank(alice);
        return sale.commit(FIRST, units, 0);
    }
}
