// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ISaleTypes} from "./sale/ISaleTypes.sol";
import {SaleHookToken} from "./test/SaleTokens.sol";
import {SaleWorld} from "./test/SaleWorld.sol";
import {vm} from "./test/Vm.sol";

/// @dev Whatever a currency calls in the middle of a payment: it is refused, and changes nothing.
contract SaleReentryFuzz is SaleWorld {
    SaleHookToken private hooked = new SaleHookToken();
    bytes32[] private ids;

    function setUp() public {
        ISaleTypes.SaleTerms memory terms = termsOf(7, 100, 5_000);
        terms.currency = address(hooked);
        sale.openSale(FIRST, terms);
        for (uint256 i = 0; i < 2; ++i) {
            hooked.mint(buyerAt(i), 1e18);
            vm.prank(buyerAt(i));
            hooked.approve(address(sale), type(uint256).max);
            vm.prank(buyerAt(i));
            ids.push(sale.commit(FIRST, 60, "first"));
        }
    }

    function testFuzz_ACurrencyCannotEnterTheSaleAgain(uint8 which, uint8 outer) public {
        _prepare(outer);
        uint256 mark = vm.snapshotState();
        _pay(outer);
        bytes32 expected = _end();
        vm.revertToState(mark);
        bytes[] memory calls = _saleCalls();
        hooked.arm(address(sale), calls[which % calls.length]);
        _pay(outer);
        require(hooked.called() && !hooked.succeeded(), "let in");
        bytes4 reason = bytes4(hooked.answer());
        require(reason == ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector, "for another reason");
        require(_end() == expected, "changed");
    }

    /// @dev Two pay while the sale is open, two after its failure, one after its success.
    function _prepare(uint8 outer) private {
        if (outer % 5 < 2) return;
        if (outer % 5 < 4) return sale.abandonSale(FIRST, "x");
        vm.warp(sale.saleOf(FIRST).finalizableAt);
        require(sale.finalize(FIRST) == ISaleTypes.SaleState.Succeeded, "not a success");
        sale.settle(FIRST, ids);
    }

    function _pay(uint8 outer) private {
        if (outer % 5 < 2) vm.prank(buyerAt(0));
        if (outer % 5 == 0) sale.commit(FIRST, 5, "second");
        else if (outer % 5 == 1) sale.cancel(ids[0]);
        else if (outer % 5 == 2) sale.refund(ids[0]);
        else if (outer % 5 == 3) sale.refundMany(ids);
        else sale.withdrawProceeds(FIRST);
    }

    /// @dev Every call that moves money or commitments.
    function _saleCalls() private view returns (bytes[] memory calls) {
        calls = new bytes[](10);
        calls[0] = abi.encodeCall(sale.commit, (FIRST, 1, "in"));
        calls[1] = abi.encodeCall(sale.commitWithPermit, (FIRST, 1, "in", 0, 27, 0, 0));
        calls[2] = abi.encodeCall(sale.commitFiat, (FIRST, "in", buyerAt(0), 1, 0, ""));
        calls[3] = abi.encodeCall(sale.withdrawFiat, (ids[0], 0, ""));
        calls[4] = abi.encodeCall(sale.cancel, (ids[1]));
        calls[5] = abi.encodeCall(sale.finalize, (FIRST));
        calls[6] = abi.encodeCall(sale.settle, (FIRST, ids));
        calls[7] = abi.encodeCall(sale.refund, (ids[1]));
        calls[8] = abi.encodeCall(sale.refundMany, (ids));
        calls[9] = abi.encodeCall(sale.withdrawProceeds, (FIRST));
    }

    /// @dev Sale, commitments, units and money of everybody.
    function _end() private view returns (bytes32 digest) {
        digest = keccak256(abi.encode(sale.saleOf(FIRST), ledger.projectOf(FIRST), hooked.balanceOf(address(sale))));
        digest = keccak256(abi.encode(digest, hooked.balanceOf(TREASURY)));
        for (uint256 i = 0; i < 2; ++i) {
            uint256 money = hooked.balanceOf(buyerAt(i));
            digest = keccak256(abi.encode(digest, sale.commitmentOf(ids[i]), ledger.holdingOf(FIRST, buyerAt(i)), money));
        }
    }
}
