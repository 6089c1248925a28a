// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITransferRules} from "../ITransferRules.sol";
import {OK, RULES_FAILED, RULES_GAS} from "./Codes.sol";

/// @title The rules contract that some projects have. Linked, so that only they pay for it.
library OwnRules {
    /// @notice What the rules contract says of a move; {RULES_FAILED} for whatever isn't an answer.
    /// @dev A low-level call, because a failing contract must refuse and not revert the views.
    /// @param rules See {ITerraLuminaOwnership-setRules}
    /// @param from Zero for a mint
    /// @return code See {ITransferRules-restrictionOf}
    function ask(address rules, address from, address to, uint256 projectId, uint256 units)
        external
        view
        returns (uint8 code)
    {
        (bool success, bytes memory answer) =
            rules.staticcall{gas: RULES_GAS}(abi.encodeCall(ITransferRules.restrictionOf, (from, to, projectId, units)));
        if (!success || answer.length != 32) return RULES_FAILED;
        uint256 word = abi.decode(answer, (uint256));
        if (word == OK) return OK;
        return word > RULES_FAILED && word <= type(uint8).max ? uint8(word) : RULES_FAILED;
    }
}
