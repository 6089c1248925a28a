// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import {Context} from "@openzeppelin/contracts/utils/Context.sol";
import {requireDeployed} from "./Deployed.sol";

/// @title Who is calling: holders may come through the forwarder, officers never.
/// @dev A fault in the forwarder can then reach what one holder may do, but no role.
abstract contract Callers is AccessManaged, ERC2771Context {
    /// @param authority The access manager
    /// @param forwarder ERC-2771: may call for holders, never for roles; fixed. Zero means none
    constructor(address authority, address forwarder) AccessManaged(authority) ERC2771Context(forwarder) {
        requireDeployed(authority);
    }

    /// @dev {AccessManaged-restricted} for the very caller. One function, because it stands before many others.
    modifier authorised() {
        _requireAuthorised();
        _;
    }

    /// @notice The access manager's alone. OpenZeppelin compares the ERC-2771 sender, so that a faulty forwarder could
    /// name the manager and hand all powers to another.
    function setAuthority(address newAuthority) public override {
        if (isTrustedForwarder(msg.sender)) revert AccessManagedUnauthorized(msg.sender);
        super.setAuthority(newAuthority);
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
