// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITerraLuminaOwnership} from "./ITerraLuminaOwnership.sol";
import {TerraLuminaOwnership} from "./TerraLuminaOwnership.sol";
import {LedgerHandler} from "./test/LedgerHandler.sol";
import {LedgerWorld} from "./test/LedgerWorld.sol";
import {vm} from "./test/Vm.sol";

/// @dev What must hold after any sequence of calls.
contract LedgerInvariants {
    LedgerHandler private handler;

    function setUp() public {
        handler = new LedgerHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_BalancesAddUpToTheSupplyWhichIsWhatWasMinted() public view {
        uint256 supply = handler.ledger().totalSupply(handler.PROJECT());
        require(handler.sumOfBalances() == supply, "balances");
        require(handler.minted() == supply, "mints");
        require(supply <= handler.CAP(), "cap");
    }

    function invariant_HoldersAreCounted() public view {
        uint256 count = handler.ledger().balanceOf(address(handler.dao()), handler.PROJECT()) == 0 ? 0 : 1;
        for (uint256 i = 0; i < 4; ++i) {
            if (handler.ledger().balanceOf(handler.holders(i), handler.PROJECT()) != 0) ++count;
        }
        require(handler.ledger().holderCount(handler.PROJECT()) == count, "count");
    }

    function invariant_TheVaultCanPayEverythingItOwes() public view {
        uint24 project = handler.PROJECT();
        uint256 owed = handler.ledger().claimableOf(project, address(handler.dao()));
        for (uint256 i = 0; i < 4; ++i) owed += handler.ledger().claimableOf(project, handler.holders(i));
        uint256 held = handler.token().balanceOf(address(handler.vault()));
        require(held >= owed, "solvency");
        require(held == handler.paidIn() - handler.paidOut(), "money");
        // Less than one base unit is lost per opening (times the units that share it) and per claim.
        uint256 epochs = handler.ledger().projectOf(project).epoch;
        require(held - owed <= epochs + 5 * (epochs + 1), "dust");
    }

    function invariant_EveryEpochsBalancesAddUpToItsSupply() public view {
        TerraLuminaOwnership ledger = handler.ledger();
        uint24 project = handler.PROJECT();
        uint24 epochs = ledger.projectOf(project).epoch;
        for (uint24 epoch = 1; epoch <= epochs; ++epoch) {
            uint256 sum = ledger.balanceAt(address(handler.dao()), project, epoch);
            for (uint256 i = 0; i < 4; ++i) sum += ledger.balanceAt(handler.holders(i), project, epoch);
            require(sum == ledger.supplyAt(project, epoch), "history");
        }
    }

    function invariant_AnExitedProjectIsTheDaosAlone() public view {
        TerraLuminaOwnership ledger = handler.ledger();
        uint24 project = handler.PROJECT();
        if (ledger.projectOf(project).state != ITerraLuminaOwnership.State.Exited) return;
        require(ledger.balanceOf(address(handler.dao()), project) == ledger.totalSupply(project), "left out");
    }
}

/// @dev What must hold for any arguments.
contract LedgerFuzz is LedgerWorld {
    function testFuzz_AnyChangeOfAMintedInvestmentIsRefused(
        bytes32 id, uint56 units, uint16 day, uint24 project2, uint8 holder2, uint56 units2, uint16 day2
    ) public {
        vm.assume(id != 0);
        units = 1 + units % CAP;
        ledger.mintInvestment(id, PROJECT, holders[0], units, day);
        address other = holderAt(holder2);
        bool same = project2 == PROJECT && other == holders[0] && units2 == units && day2 == day;
        if (units2 == 0) vm.expectRevert(abi.encodeWithSelector(ITerraLuminaOwnership.ZeroUnits.selector));
        else if (!same) vm.expectRevert(abi.encodeWithSelector(ITerraLuminaOwnership.InvestmentConflict.selector, id));
        ledger.mintInvestment(id, project2, other, units2, day2);
        require(!ledger.mintInvestment(id, PROJECT, holders[0], units, day), "identical");
        require(ledger.totalSupply(PROJECT) == units, "supply");
    }

    function testFuzz_AskingForARestrictionNeverReverts(
        address from, address to, uint256 id, uint256 units, uint8 flags, uint40 expiry, uint8 state
    ) public {
        ledger.setAccount(from, ITerraLuminaOwnership.Account(flags, expiry, 0, 0, 0));
        ledger.mintInvestment("a", PROJECT, holders[0], 5, type(uint16).max);
        if (state % 2 == 1) ledger.setProjectState(PROJECT, ITerraLuminaOwnership.State.Paused, 0);
        ledger.detectTransferRestriction(from, to, id, units);
        ledger.detectTransferRestriction(holders[0], to, PROJECT, units);
        ledger.detectTransferRestriction(from, holders[0], PROJECT, units);
        ledger.messageForTransferRestriction(uint8(units));
        ledger.claimableOf(id, from);
        ledger.movableOf(from, id);
        ledger.balanceAt(from, id, uint24(units));
    }

    function testFuzz_AHolderGetsTheShareRoundedDownByLessThanOne(uint56 mine, uint56 others, uint112 amount) public {
        mine = 1 + mine % (CAP / 2);
        others = others % (CAP / 2);
        amount = 1 + amount % type(uint104).max;
        ledger.mintInvestment("a", PROJECT, holders[0], mine, 0);
        if (others != 0) ledger.mintInvestment("b", PROJECT, holders[1], others, 0);
        vault.distributeReturns("r", PROJECT, amount, 0, "");
        uint256 exact = uint256(amount) * mine / (uint256(mine) + others);
        uint256 due = ledger.claimableOf(PROJECT, holders[0]);
        require(due == exact || due + 1 == exact, "share");
    }
}
