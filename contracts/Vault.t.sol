// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LedgerHandler} from "./test/LedgerHandler.sol";
import {LedgerWorld} from "./test/LedgerWorld.sol";
import {vm} from "./test/Vm.sol";

/// @dev What must hold of the money after any sequence of calls.
contract VaultInvariants is LedgerWorld {
    LedgerHandler private handler;

    function setUp() public {
        handler = newHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_TheVaultCanPayEverythingItOwesAndKeepsHardlyMore() public view {
        uint256 owed = 0;
        uint256 people = handler.peopleCount();
        for (uint256 i = 0; i < people; ++i) {
            owed += ledger.claimableOf(PROJECT, handler.everybody(i));
        }
        uint256 held = token.balanceOf(address(vault));
        require(held == handler.paidIn() - handler.paidOut(), "money");
        require(held >= owed, "solvency");
        // Less than one base unit is lost per opening, and per holder each time that what is due is rounded.
        uint256 epochs = ledger.projectOf(PROJECT).epoch;
        require(held - owed <= epochs * (1 + people), "dust");
    }

    /// @dev To the holder, where the holder said, or back to the treasury after its deadline.
    function invariant_MoneyArrivesWhereItShouldAndNowhereElse() public view {
        uint256 arrived = 0;
        for (uint256 i = 0; i < handler.peopleCount(); ++i) arrived += _arrived(handler.everybody(i));
        for (uint160 i = 0; i < 5; ++i) arrived += _arrived(address(0xFACE00 + i));
        arrived += _arrived(TREASURY);
        require(arrived == handler.paidOut(), "elsewhere");
    }

    function _arrived(address payee) private view returns (uint256 amount) {
        amount = token.balanceOf(payee);
        require(amount == handler.paid(payee), "paid to another");
    }
}

/// @dev What must hold for any amounts.
contract VaultFuzz is LedgerWorld {
    function testFuzz_AHolderGetsTheShareRoundedDownByLessThanTwo(uint56 mine, uint56 others, uint112 amount) public {
        mine = 1 + mine % (CAP / 2);
        others = others % (CAP / 2);
        amount = 1 + amount % type(uint104).max;
        mintOne(PROJECT, "a", holders[0], mine, 0);
        if (others != 0) mintOne(PROJECT, "b", holders[1], others, 0);
        distributeAs(TREASURER, "r", amount);
        uint256 exact = uint256(amount) * mine / (uint256(mine) + others);
        uint256 due = ledger.claimableOf(PROJECT, holders[0]);
        require(due == exact || due + 1 == exact, "share");
    }

    /// @dev Whoever moves, is minted to or loses units after an opening: what was earned before stays to the base unit.
    function testFuzz_WhatHappensAfterAnOpeningChangesNothingThatIsDue(
        uint56 mine, uint56 others, uint104 amount, uint256 moved, uint8 luck
    ) public {
        mine = 1 + mine % (CAP / 4);
        others = 1 + others % (CAP / 4);
        mintOne(PROJECT, "a", holders[0], mine, 0);
        mintOne(PROJECT, "b", holders[1], others, 0);
        distributeAs(TREASURER, "r", 1 + uint256(amount));
        (uint256 first, uint256 second) = (_due(0), _due(1));
        moved = 1 + moved % mine;
        vm.prank(holders[0]);
        ledger.safeTransferFrom(holders[0], holders[luck % 2 == 0 ? 1 : 2], PROJECT, moved, "");
        if (luck % 3 == 0) ledger.forcedTransfer(holders[1], holders[2], PROJECT, others);
        if (luck % 5 == 0) mintOne(PROJECT, "c", holders[2], 7, 0);
        if (luck % 7 == 0 && luck % 3 != 0) ledger.reverseInvestment("b", 0);
        require(_due(0) == first && _due(1) == second && _due(2) == 0, "changed");
        // An epoch without money changes nothing either, nor who claims first.
        vm.prank(ELECTOR);
        ledger.openVoteEpoch(PROJECT);
        if (second != 0) require(vault.claimFor(PROJECT, holders[1]) == second, "second");
        if (first != 0) require(vault.claimFor(PROJECT, holders[0]) == first, "first");
        require(_due(0) + _due(1) + _due(2) == 0, "twice");
    }

    /// @dev Two rounds claimed apart pay no more than together, and less by no more than one.
    function testFuzz_TheOrderOfClaimsDoesNotMatter(uint56 mine, uint56 others, uint104 first, uint104 second) public {
        mine = 1 + mine % (CAP / 2);
        others = 1 + others % (CAP / 2);
        mintOne(PROJECT, "a", holders[0], mine, 0);
        mintOne(PROJECT, "b", holders[1], others, 0);
        mintOne(PROJECT, "c", holders[2], 1, 0);
        distributeAs(TREASURER, "1", 1 + uint256(first));
        if (ledger.claimableOf(PROJECT, holders[1]) != 0) vault.claimFor(PROJECT, holders[1]);
        distributeAs(TREASURER, "2", 1 + uint256(second));
        uint256 together = ledger.claimableOf(PROJECT, holders[0]);
        if (together != 0) require(vault.claimFor(PROJECT, holders[0]) == together, "paid");
        uint256 apart = token.balanceOf(holders[1]) + ledger.claimableOf(PROJECT, holders[1]);
        uint256 supply = uint256(mine) + others + 1;
        uint256 exact = (uint256(first) + 1 + second + 1) * others / supply;
        require(apart <= exact && exact <= apart + 2, "share");
        require(ledger.claimableOf(PROJECT, holders[0]) == 0, "twice");
    }

    function _due(uint256 index) private view returns (uint256) {
        return ledger.claimableOf(PROJECT, holders[index]);
    }
}
