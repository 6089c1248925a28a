// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ITerraLuminaOwnership} from "../ITerraLuminaOwnership.sol";
import {ITerraLuminaVault} from "../ITerraLuminaVault.sol";
import {Callers} from "../access/Callers.sol";
import {requireDeployed} from "../access/Deployed.sol";
import {MAX_LIST} from "../ledger/Codes.sol";

/// @title What every part of the vault needs: the ledger, and how long a list may be.
abstract contract VaultBase is ITerraLuminaVault, Callers, ReentrancyGuardTransient {
    ITerraLuminaOwnership internal immutable _ledger;

    modifier boundedList(uint256 length) {
        if (length > MAX_LIST) revert TooMany(length, MAX_LIST);
        _;
    }

    /// @param ledger_ Whose holders are paid; fixed
    constructor(ITerraLuminaOwnership ledger_) {
        requireDeployed(address(ledger_));
        _ledger = ledger_;
    }

    /// @inheritdoc ITerraLuminaVault
    function ledger() external view returns (address) {
        return address(_ledger);
    }
}
