// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ILedgerTypes} from "./ledger/ILedgerTypes.sol";
import {LedgerWorld} from "./test/LedgerWorld.sol";
import {CallingReceiver} from "./test/Receivers.sol";
import {CallingToken} from "./test/Tokens.sol";
import {vm} from "./test/Vm.sol";

/// @dev Whatever a receiver or a payout token calls in the middle of a call: it is refused, or what it does is what it
/// would have done afterwards.
contract ReentryFuzz is LedgerWorld {
    uint24 private constant HOOKED = 21;
    CallingReceiver private receiver = new CallingReceiver();
    CallingToken private hooked = new CallingToken();

    function setUp() public {
        setAccount(address(receiver), 3, type(uint40).max);
        vault.setTokenAllowed(address(hooked), true);
        _createDraft(HOOKED, address(hooked));
        ledger.setProjectState(HOOKED, ILedgerTypes.State.Active, 0);
        hooked.mint(TREASURER, 1e30);
        vm.prank(TREASURER);
        hooked.approve(address(vault), type(uint256).max);
        for (uint24 id = PROJECT; id <= HOOKED; id += HOOKED - PROJECT) {
            mintOne(id, keccak256(abi.encode("r", id)), address(receiver), 100, 0);
            mintOne(id, keccak256(abi.encode("h", id)), holders[0], 100, 0);
        }
        distributeAs(TREASURER, "first", 9_001);
        vm.prank(TREASURER);
        vault.distributeReturns("hooked", HOOKED, 9_001, 0, "");
    }

    /// @dev The ledger lets nobody in while it calls a receiver, by either hook.
    function testFuzz_AReceiverCannotEnterTheLedgerAgain(uint8 which, uint8 outer, uint56 units) public {
        bytes[] memory calls = _ledgerCalls();
        bytes memory data = calls[which % calls.length];
        units %= 101;
        uint256 mark = vm.snapshotState();
        _moveToReceiver(outer, units);
        bytes32 expected = _end();
        vm.revertToState(mark);
        receiver.arm(address(ledger), data);
        _moveToReceiver(outer, units);
        require(receiver.called() && !receiver.succeeded(), "let in");
        bytes4 reason = bytes4(receiver.answer());
        require(reason == ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector, "for another reason");
        require(_end() == expected, "changed");
    }

    /// @dev The vault is open then: a claim in the middle is worth as much as one afterwards.
    function testFuzz_AClaimInTheMiddleOfATransferIsAClaimAfterwards(uint8 outer, uint56 units, bool forOther) public {
        units %= 101;
        address claimant = forOther ? holders[0] : address(receiver);
        uint256 mark = vm.snapshotState();
        _moveToReceiver(outer, units);
        vault.claimFor(PROJECT, claimant);
        bytes32 expected = _end();
        vm.revertToState(mark);
        receiver.arm(address(vault), abi.encodeCall(vault.claimFor, (PROJECT, claimant)));
        _moveToReceiver(outer, units);
        require(receiver.succeeded() && _end() == expected, "another end");
    }

    /// @dev The vault lets nobody in while it calls a token.
    function testFuzz_ATokenCannotEnterTheVaultAgain(uint8 which, uint8 outer) public {
        uint256 mark = vm.snapshotState();
        _moveMoney(outer);
        bytes32 expected = _end();
        vm.revertToState(mark);
        bytes[] memory calls = _vaultCalls();
        hooked.arm(address(vault), calls[which % calls.length]);
        _moveMoney(outer);
        require(hooked.called() && !hooked.succeeded(), "let in");
        require(_end() == expected, "changed");
    }

    function _moveToReceiver(uint8 outer, uint56 units) private {
        uint256[] memory ids = new uint256[](2);
        uint256[] memory values = new uint256[](2);
        (ids[0], ids[1], values[0]) = (PROJECT, PROJECT, units);
        if (outer % 3 == 2) {
            ledger.forcedTransfer(holders[0], address(receiver), PROJECT, units == 0 ? 1 : units);
            return;
        }
        vm.prank(holders[0]);
        if (outer % 3 == 0) ledger.safeTransferFrom(holders[0], address(receiver), PROJECT, units, "");
        else ledger.safeBatchTransferFrom(holders[0], address(receiver), ids, values, "");
    }

    function _moveMoney(uint8 outer) private {
        if (outer % 3 == 0) {
            vault.claimFor(HOOKED, holders[0]);
        } else if (outer % 3 == 1) {
            address[] memory list = new address[](2);
            (list[0], list[1]) = (holders[0], address(receiver));
            vault.claimMany(HOOKED, list);
        } else {
            vm.prank(TREASURER);
            vault.distributeReturns("again", HOOKED, 77, 0, "");
        }
    }

    /// @dev All that a holder or anybody else could be let in with.
    function _ledgerCalls() private view returns (bytes[] memory calls) {
        uint256[] memory ids = new uint256[](1);
        ids[0] = PROJECT;
        calls = new bytes[](5);
        address[] memory list = new address[](1);
        list[0] = holders[0];
        calls[0] = abi.encodeCall(ledger.safeTransferFrom, (address(receiver), holders[1], PROJECT, 1, ""));
        calls[1] = abi.encodeCall(ledger.safeBatchTransferFrom, (address(receiver), holders[1], ids, ids, ""));
        calls[2] = abi.encodeCall(ledger.moveHoldings, (holders[0], ids));
        calls[3] = abi.encodeCall(ledger.exitBatch, (PROJECT, list));
        calls[4] = abi.encodeCall(ledger.finalizeExit, (PROJECT));
    }

    function _vaultCalls() private view returns (bytes[] memory calls) {
        uint24[] memory ids = new uint24[](1);
        ids[0] = HOOKED;
        address[] memory list = new address[](2);
        (list[0], list[1]) = (holders[0], address(receiver));
        calls = new bytes[](6);
        calls[0] = abi.encodeCall(vault.claim, (ids));
        calls[1] = abi.encodeCall(vault.claimFor, (HOOKED, holders[0]));
        calls[2] = abi.encodeCall(vault.claimMany, (HOOKED, list));
        calls[3] = abi.encodeCall(vault.distributeReturns, ("x", HOOKED, 1, 0, ""));
        calls[4] = abi.encodeCall(vault.payHolder, (HOOKED, holders[0], address(hooked)));
        calls[5] = abi.encodeCall(vault.clawback, (HOOKED, list));
    }

    /// @dev Units and money of everybody, and what is due; and that the vault can pay it.
    function _end() private view returns (bytes32 digest) {
        for (uint24 id = PROJECT; id <= HOOKED; id += HOOKED - PROJECT) {
            digest = keccak256(abi.encode(digest, ledger.projectOf(id)));
            digest = keccak256(abi.encode(digest, _of(id, address(receiver)), _of(id, holders[0]), _of(id, holders[1])));
        }
        uint256 due = ledger.claimableOf(HOOKED, address(receiver)) + ledger.claimableOf(HOOKED, holders[0]);
        require(hooked.balanceOf(address(vault)) >= due, "solvency");
    }

    function _of(uint24 id, address holder) private view returns (bytes memory) {
        return abi.encode(
            ledger.holdingOf(id, holder), ledger.claimableOf(id, holder), token.balanceOf(holder), hooked.balanceOf(holder)
        );
    }
}
