// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title ERC-5615: supply per id of an ERC-1155, https://eips.ethereum.org/EIPS/eip-5615
interface IERC5615 {
    function exists(uint256 id) external view returns (bool);
    function totalSupply(uint256 id) external view returns (uint256);
}
