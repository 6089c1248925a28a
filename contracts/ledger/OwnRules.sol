// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITransferRules} from "../ITransferRules.sol";
import "./Codes.sol";
import {ProjectWord} from "./ProjectWord.sol";
import {Store} from "./Store.sol";

/// @title Rules that only some projects have: countries and a rules contract. Linked, so that only they pay for it.
library OwnRules {
    /// @dev Country codes that the bitmap has room for.
    uint256 private constant COUNTRIES = 1024;

    /// @param from Zero for a mint
    function restrictionOf(Store storage store, address from, address to, uint256 projectId, uint256 units)
        external
        view
        returns (uint8)
    {
        ProjectWord project = store.projects[projectId];
        if (project.hasCountries() && _isBlocked(store, projectId, store.accounts[to].country)) return COUNTRY;
        if (project.hasRules()) return _askContract(store.facts[projectId].rules, from, to, projectId, units);
        return OK;
    }

    /// @dev Codes beyond the bitmap belong to no country: blocked, so that a wrong record gains nothing.
    function _isBlocked(Store storage store, uint256 projectId, uint256 country) private view returns (bool) {
        return country >= COUNTRIES || (store.blockedCountries[projectId][country >> 8] >> (country & 255)) & 1 != 0;
    }

    /// @dev A low-level call, because a failing contract must refuse and not revert the views.
    function _askContract(address rules, address from, address to, uint256 projectId, uint256 units)
        private
        view
        returns (uint8)
    {
        (bool success, bytes memory answer) =
            rules.staticcall{gas: RULES_GAS}(abi.encodeCall(ITransferRules.restrictionOf, (from, to, projectId, units)));
        if (!success || answer.length != 32) return RULES_FAILED;
        uint256 code = abi.decode(answer, (uint256));
        if (code == OK) return OK;
        return code > RULES_FAILED && code <= type(uint8).max ? uint8(code) : RULES_FAILED;
    }
}
