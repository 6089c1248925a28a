// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITransferRules} from "../ITransferRules.sol";

/// @dev Rules that can be foretold: fails for units ≡ 5 modulo 7, and refuses ≡ 6 with a code of its own.
contract ResidueRules is ITransferRules {
    uint256 public constant OWN_CODE = 42;

    error Failed();

    function restrictionOf(address, address, uint256, uint256 units) external pure returns (uint256 code) {
        if (units % 7 == 5) revert Failed();
        return units % 7 == 6 ? OWN_CODE : 0;
    }
}
