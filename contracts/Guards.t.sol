// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {ILedgerErrors} from "./ledger/ILedgerErrors.sol";
import {ILedgerTypes} from "./ledger/ILedgerTypes.sol";
import {Guarded, GuardedCalls} from "./test/GuardedCalls.sol";
import {vm} from "./test/Vm.sol";

/// @dev Every guarded call with arguments that mean something: it reaches its guard, and the guard says who is missing what.
contract GuardsFuzz is GuardedCalls {
    function testFuzz_AStrangerReachesEveryGuardAndNoFurther(address stranger, uint256 seed) public {
        vm.assume(uint160(stranger) > 0xffff && stranger.code.length == 0);
        vm.assume(ledger.roleOf(stranger) == ILedgerTypes.Role.None && stranger != address(manager));
        Guarded[] memory calls = allGuarded(stranger, seed);
        for (uint256 i = 0; i < calls.length; ++i) _expectRefused(stranger, calls[i]);
    }

    /// @dev One role never opens what another's is for: nobody creates eligibility and mints, or mints and pays.
    function testFuzz_ARoleOpensItsOwnCallsAndNoOther(uint8 which, uint256 seed) public {
        ILedgerTypes.Role role = ILedgerTypes.Role(1 + which % 8);
        address member = address(0xBADCAFE);
        // There is one vault, and it is a contract.
        if (role == ILedgerTypes.Role.Vault) member = address(vault);
        else ledger.setRole(member, role);
        Guarded[] memory calls = allGuarded(member, seed);
        for (uint256 i = 0; i < calls.length; ++i) {
            // The vault's calls to itself are its own.
            if (calls[i].target == member) continue;
            if (calls[i].role != role) _expectRefused(member, calls[i]);
            else require(_answerOf(member, calls[i]) != keccak256(_refusal(member, calls[i])), calls[i].name);
        }
    }

    /// @dev What is asked with the administrator's role is let through to whatever comes behind the guard.
    function test_TheAdministratorPassesEveryGuardOfTheAccessManager() public {
        Guarded[] memory calls = allGuarded(address(this), 7);
        for (uint256 i = 0; i < calls.length; ++i) {
            if (calls[i].role != ILedgerTypes.Role.None || calls[i].onlySelf) continue;
            require(_answerOf(address(this), calls[i]) != keccak256(_refusal(address(this), calls[i])), calls[i].name);
        }
    }

    function _expectRefused(address caller, Guarded memory call_) private {
        bytes32 before = everything(caller);
        vm.recordLogs();
        vm.prank(caller);
        (bool success, bytes memory answer) = call_.target.call(call_.data);
        require(!success, string.concat(call_.name, ": let in"));
        require(keccak256(answer) == keccak256(_refusal(caller, call_)), string.concat(call_.name, ": another refusal"));
        require(everything(caller) == before, string.concat(call_.name, ": changed"));
    }

    /// @dev What comes of it; nothing stays.
    function _answerOf(address caller, Guarded memory call_) private returns (bytes32) {
        uint256 mark = vm.snapshotState();
        vm.prank(caller);
        (, bytes memory answer) = call_.target.call(call_.data);
        vm.revertToState(mark);
        return keccak256(answer);
    }

    function _refusal(address caller, Guarded memory call_) private pure returns (bytes memory) {
        if (call_.onlySelf) return abi.encodeWithSelector(ILedgerErrors.OnlySelf.selector);
        if (call_.role == ILedgerTypes.Role.None) {
            return abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller);
        }
        return abi.encodeWithSelector(ILedgerErrors.MissingRole.selector, caller, call_.role);
    }
}
