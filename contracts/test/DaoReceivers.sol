// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC1155Holder} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Holder.sol";

/// @dev Answers with `size` bytes that begin with `head`.
contract BlobReceiver {
    bytes32 public head;
    uint256 public size;

    constructor(bytes32 head_, uint256 size_) {
        (head, size) = (head_, size_);
    }

    fallback() external {
        (bytes32 first, uint256 length) = (head, size);
        assembly {
            mstore(0, first)
            return(0, length)
        }
    }
}

/// @dev Accepts as long as it likes.
contract FickleReceiver is ERC1155Holder {
    bool public closed;

    error Closed();

    function close(bool closed_) external {
        closed = closed_;
    }

    function onERC1155Received(address a, address b, uint256 c, uint256 d, bytes memory e)
        public
        override
        returns (bytes4)
    {
        if (closed) revert Closed();
        return super.onERC1155Received(a, b, c, d, e);
    }
}
