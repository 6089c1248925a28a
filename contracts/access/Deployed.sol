// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Nothing is deployed there, and what is fixed at construction can't be corrected later.
error NotDeployed(address given);

/// @dev For constructors: an address that must be a contract's.
function requireDeployed(address given) view {
    if (given.code.length == 0) revert NotDeployed(given);
}
