// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC1155Holder} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Holder.sol";

contract PayoutToken is ERC20("USD Coin", "USDC") {
    function mint(address to, uint256 value) external {
        _mint(to, value);
    }
}

contract PlainDao is ERC1155Holder {}
