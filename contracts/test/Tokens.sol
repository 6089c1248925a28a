// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @dev Keeps one percent of whatever it moves.
contract FeeToken is ERC20("Fee", "FEE") {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function _update(address from, address to, uint256 value) internal override {
        if (from == address(0) || to == address(0)) return super._update(from, to, value);
        super._update(from, to, value - value / 100);
        super._update(from, address(0), value / 100);
    }
}

/// @dev Refuses to pay addresses on its list, as USDC does.
contract BlockingToken is ERC20("Blocking", "BLK") {
    mapping(address => bool) public blocked;

    error Blocked(address account);

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function setBlocked(address account, bool value) external {
        blocked[account] = value;
    }

    function _update(address from, address to, uint256 value) internal override {
        if (blocked[to]) revert Blocked(to);
        super._update(from, to, value);
    }
}

/// @dev For receivers on its list it answers false, uses up all gas, or reverts with very much data.
contract MoodyToken is ERC20("Moody", "MOOD") {
    enum Mood {
        Fine,
        False,
        Greedy,
        Loud
    }

    mapping(address => Mood) public moodFor;

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function setMood(address account, Mood mood) external {
        moodFor[account] = mood;
    }

    function transfer(address to, uint256 value) public override returns (bool) {
        return moodFor[to] != Mood.False && super.transfer(to, value);
    }

    function transferFrom(address from, address to, uint256 value) public override returns (bool) {
        return moodFor[to] != Mood.False && super.transferFrom(from, to, value);
    }

    function _update(address from, address to, uint256 value) internal override {
        if (moodFor[to] == Mood.Greedy) {
            assembly {
                invalid()
            }
        }
        if (moodFor[to] == Mood.Loud) {
            assembly {
                revert(0, 100000)
            }
        }
        super._update(from, to, value);
    }
}

/// @dev Calls out in the middle of every transfer, as ERC-777 does; remembers what came of it.
contract CallingToken is ERC20("Calling", "CALL") {
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

/// @dev Returns nothing from its transfers, as USDT does.
contract MuteToken {
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function approve(address spender, uint256 amount) external {
        allowance[msg.sender][spender] = amount;
    }

    function transfer(address to, uint256 amount) external {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
    }

    function transferFrom(address from, address to, uint256 amount) external {
        allowance[from][msg.sender] -= amount;
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }
}
