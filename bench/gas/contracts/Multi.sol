// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC1155 as OzErc1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import {ERC1155Supply} from "@openzeppelin/contracts/token/ERC1155/extensions/ERC1155Supply.sol";
import {ERC1155 as SoladyErc1155} from "solady/src/tokens/ERC1155.sol";

// Thin shells over published bases, for measuring only: nobody is asked whether he may.

contract OzMulti is OzErc1155("ipfs://x/{id}") {
    function mint(address to, uint256 id, uint256 value) external {
        _mint(to, id, value, "");
    }

    function mintMany(address[] calldata to, uint256 id, uint256[] calldata values) external {
        for (uint256 i = 0; i < to.length; ++i) _mint(to[i], id, values[i], "");
    }

    /// @dev An exit the naive way: one forced transfer after the other.
    function sweep(address[] calldata from, address to, uint256 id) external {
        for (uint256 i = 0; i < from.length; ++i) _safeTransferFrom(from[i], to, id, balanceOf(from[i], id), "");
    }
}

contract OzSupplyMulti is ERC1155Supply {
    constructor() OzErc1155("ipfs://x/{id}") {}

    function mint(address to, uint256 id, uint256 value) external {
        _mint(to, id, value, "");
    }

    function mintMany(address[] calldata to, uint256 id, uint256[] calldata values) external {
        for (uint256 i = 0; i < to.length; ++i) _mint(to[i], id, values[i], "");
    }

    function sweep(address[] calldata from, address to, uint256 id) external {
        for (uint256 i = 0; i < from.length; ++i) _safeTransferFrom(from[i], to, id, balanceOf(from[i], id), "");
    }
}

contract SoladyMulti is SoladyErc1155 {
    function uri(uint256) public pure override returns (string memory) {
        return "ipfs://x/{id}";
    }

    function mint(address to, uint256 id, uint256 value) external {
        _mint(to, id, value, "");
    }

    function mintMany(address[] calldata to, uint256 id, uint256[] calldata values) external {
        for (uint256 i = 0; i < to.length; ++i) _mint(to[i], id, values[i], "");
    }

    /// @dev By the zero address solady asks for no approval.
    function sweep(address[] calldata from, address to, uint256 id) external {
        for (uint256 i = 0; i < from.length; ++i) {
            _safeTransfer(address(0), from[i], to, id, balanceOf(from[i], id), "");
        }
    }
}
