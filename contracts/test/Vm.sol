// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev The few cheat codes of the test runner that the tests here use.
interface Vm {
    /// @dev One event, also of a call that reverted: whoever reads them drops those.
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    function assume(bool condition) external pure;
    function prank(address sender) external;
    function warp(uint256 timestamp) external;
    /// @dev The clock: the optimizer takes `block.timestamp` for constant within a call.
    function getBlockTimestamp() external view returns (uint256);
    function expectRevert(bytes calldata reason) external;
    /// @dev Whatever the error's arguments are.
    function expectPartialRevert(bytes4 selector) external;
    function sign(uint256 key, bytes32 hash) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function addr(uint256 key) external pure returns (address);
    function snapshotState() external returns (uint256 mark);
    function revertToState(uint256 mark) external returns (bool);
    function recordLogs() external;
    /// @dev Events since the last time it was asked.
    function getRecordedLogs() external returns (Log[] memory logs);
    function record() external;
    /// @dev Slots that were read and written since {record}.
    function accesses(address target) external returns (bytes32[] memory reads, bytes32[] memory writes);
}

Vm constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
