// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Further rules of one project, asked before each transfer and mint, and never able to change anything.
/// @dev Asked by static call with a bounded amount of gas. Answers nothing, or anything but one word: refused with
/// code 16. The access manager's role for it can always remove it.
interface ITransferRules {
    /// @param from Zero for a mint
    /// @return code 0 to allow; 17 to 255 to refuse with a meaning of its own; anything else refuses with 16
    function restrictionOf(address from, address to, uint256 projectId, uint256 units)
        external
        view
        returns (uint256 code);
}
