// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITransferRules} from "../ITransferRules.sol";

/// @dev Answers `code` to the one question it expects, and 99 to any other.
contract ScriptedRules is ITransferRules {
    bytes32 private _expected;
    uint256 private _code;

    function expectQuestion(address from, address to, uint256 projectId, uint256 units, uint256 code) external {
        (_expected, _code) = (keccak256(abi.encode(from, to, projectId, units)), code);
    }

    function restrictionOf(address from, address to, uint256 projectId, uint256 units)
        external
        view
        returns (uint256)
    {
        return keccak256(abi.encode(from, to, projectId, units)) == _expected ? _code : 99;
    }
}

/// @dev Answers with the given bytes, whatever it is asked.
contract RawRules {
    bytes public answer;

    constructor(bytes memory answer_) {
        answer = answer_;
    }

    fallback(bytes calldata) external returns (bytes memory) {
        return answer;
    }
}

/// @dev Returns so many zero bytes that copying them hurts.
contract HugeRules {
    fallback() external {
        assembly {
            return(0, 150000)
        }
    }
}

contract RevertingRules {
    error NotToday();

    fallback() external {
        revert NotToday();
    }
}

contract GreedyRules {
    fallback() external {
        while (true) {}
    }
}

/// @dev Tries to remember that it was asked.
contract WritingRules {
    uint256 public asked;

    fallback(bytes calldata) external returns (bytes memory) {
        ++asked;
        return abi.encode(0);
    }
}
