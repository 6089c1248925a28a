// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import {Context} from "@openzeppelin/contracts/utils/Context.sol";

/// @title Who is calling: holders may come through the forwarder, officers never.
/// @dev A fault in the forwarder can then reach what one holder may do, but no role.
abstract contract Callers is AccessManaged, ERC2771Context {
    constructor(address authority, address forwarder) AccessManaged(authority) ERC2771Context(forwarder) {}

    /// @dev {AccessManaged-restricted} for the very caller. One function, because it stands before many others.
    modifier authorised() {
        _requireAuthorised();
        _;
    }

    function _requireAuthorised() private {
        _checkCanCall(msg.sender, msg.data);
    }

    function _msgSender() internal view override(Context, ERC2771Context) returns (address) {
        return ERC2771Context._msgSender();
    }

    function _msgData() internal view override(Context, ERC2771Context) returns (bytes calldata) {
        return ERC2771Context._msgData();
    }

    function _contextSuffixLength() internal view override(Context, ERC2771Context) returns (uint256) {
        return ERC2771Context._contextSuffixLength();
    }
}
