// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @dev Answers false and moves nothing when it can't pay, as the first ERC-20s did.
contract SaleFalseToken is ERC20("False", "FLS") {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function transferFrom(address, address, uint256) public pure override returns (bool) {
        return false;
    }
}

/// @dev Says that it paid and moves nothing.
contract SaleLyingToken is ERC20("Lying", "LIE") {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function transferFrom(address, address, uint256) public pure override returns (bool) {
        return true;
    }
}

/// @dev Uses up all the gas it is given when it pays one address.
contract SaleGreedyToken is ERC20("Greedy", "GRD") {
    address public victim;

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function setVictim(address victim_) external {
        victim = victim_;
    }

    function _update(address from, address to, uint256 value) internal override {
        if (to == victim) {
            assembly {
                invalid()
            }
        }
        super._update(from, to, value);
    }
}

/// @dev Calls out in the middle of every payment, as ERC-777 does; remembers how that call went.
contract SaleHookToken is ERC20("Hook", "HOOK") {
    address public target;
    bytes public data;
    bool public called;
    bool public succeeded;
    bytes public answer;

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function arm(address target_, bytes calldata data_) external {
        (target, data) = (target_, data_);
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (target == address(0)) return;
        called = true;
        (succeeded, answer) = target.call(data);
    }
}
