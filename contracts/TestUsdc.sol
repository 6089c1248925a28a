// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title A stand-in for USDC on test chains. Worth nothing: anyone can mint it.
contract TestUsdc is ERC20, ERC20Permit {
    /// @notice Nobody has any until it is minted.
    constructor() ERC20("Test USD Coin", "tUSDC") ERC20Permit("Test USD Coin") {}

    /// @notice Mints to anyone, for anyone.
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    /// @notice As the real one.
    function decimals() public pure override returns (uint8) {
        return 6;
    }
}
