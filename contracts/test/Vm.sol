// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev The few cheat codes of the test runner that the tests here use.
interface Vm {
    function assume(bool condition) external pure;
    function prank(address sender) external;
    function warp(uint256 timestamp) external;
    /// @dev The clock: the optimizer takes `block.timestamp` for constant within a call.
    function getBlockTimestamp() external view returns (uint256);
    function expectRevert(bytes calldata reason) external;
    function sign(uint256 key, bytes32 hash) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function addr(uint256 key) external pure returns (address);
    function snapshotState() external returns (uint256 mark);
    function revertToState(uint256 mark) external returns (bool);
}

Vm constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
