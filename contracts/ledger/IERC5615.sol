// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title ERC-5615: supply per id of an ERC-1155, https://eips.ethereum.org/EIPS/eip-5615
interface IERC5615 {
    /// @notice Whether there is such a token; units of it need not exist yet.
    function exists(uint256 id) external view returns (bool);
    /// @notice Units of the token that exist.
    function totalSupply(uint256 id) external view returns (uint256);
}
