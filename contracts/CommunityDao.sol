// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

/// @title The community that receives a project at its exit: a timelock that accepts ERC-1155.
/// @dev Nothing of our own: any contract that accepts ERC-1155 can take its place.
contract CommunityDao is TimelockController {
    /// @param minDelaySeconds Time between a decision and its execution
    /// @param proposers May schedule and cancel
    /// @param executors May execute; the zero address lets anyone
    /// @param admin May change roles without a delay; zero leaves that to the timelock itself
    constructor(uint256 minDelaySeconds, address[] memory proposers, address[] memory executors, address admin)
        TimelockController(minDelaySeconds, proposers, executors, admin)
    {}
}
