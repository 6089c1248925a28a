// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ERC1155Holder} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Holder.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @dev Accepts, and calls back in the middle of it when told to; remembers whether that call went through.
contract CallingReceiver is ERC1155Holder {
    address public target;
    bytes public data;
    bool public called;
    bool public succeeded;
    bytes public answer;
    uint256 public received;

    function arm(address target_, bytes calldata data_) external {
        (target, data) = (target_, data_);
    }

    function disarm() external {
        (target, called, succeeded, answer) = (address(0), false, false, "");
    }

    function run(address to, bytes calldata call) external returns (bytes memory) {
        (bool success, bytes memory result) = to.call(call);
        require(success, "call failed");
        return result;
    }

    function onERC1155Received(address a, address b, uint256 c, uint256 d, bytes memory e)
        public
        override
        returns (bytes4)
    {
        _callBack();
        return super.onERC1155Received(a, b, c, d, e);
    }

    function onERC1155BatchReceived(address a, address b, uint256[] memory c, uint256[] memory d, bytes memory e)
        public
        override
        returns (bytes4)
    {
        _callBack();
        return super.onERC1155BatchReceived(a, b, c, d, e);
    }

    function _callBack() private {
        ++received;
        if (target == address(0)) return;
        called = true;
        (succeeded, answer) = target.call(data);
    }
}

/// @dev Claims to be a receiver and refuses everything.
contract RefusingReceiver is ERC1155Holder {
    error NoThanks();

    function onERC1155Received(address, address, uint256, uint256, bytes memory) public pure override returns (bytes4) {
        revert NoThanks();
    }
}

/// @dev Answers, but not with the value the standard asks for.
contract WrongAnswerReceiver is ERC1155Holder {
    function onERC1155Received(address, address, uint256, uint256, bytes memory) public pure override returns (bytes4) {
        return 0xdeadbeef;
    }
}

/// @dev Takes every call and answers nothing, like a wallet without a handler.
contract SilentContract {
    fallback() external payable {}
}

/// @dev No receiver at all.
contract PlainContract {
    uint256 public value = 1;
}

/// @dev Uses up all the gas it is given.
contract GreedyReceiver is ERC1155Holder {
    function onERC1155Received(address, address, uint256, uint256, bytes memory) public pure override returns (bytes4) {
        assembly {
            invalid()
        }
    }
}

/// @dev A wallet whose owner's signature counts as its own (ERC-1271).
contract SigningWallet is ERC1155Holder, IERC1271 {
    address public immutable owner;

    constructor(address owner_) {
        owner = owner_;
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        (address signer,,) = ECDSA.tryRecoverCalldata(hash, signature);
        return signer == owner ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}
