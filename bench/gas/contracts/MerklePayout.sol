// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";

/// @dev Payouts the usual way: a Merkle root for each round, a bit for each payee.
contract MerklePayout {
    using BitMaps for BitMaps.BitMap;
    using SafeERC20 for IERC20;

    IERC20 public immutable token;
    mapping(uint256 round => bytes32 root) public rootOf;
    mapping(uint256 round => BitMaps.BitMap) private _claimed;

    event Claimed(uint256 indexed round, uint256 index, address indexed payee, uint256 amount);

    error AlreadyClaimed();
    error InvalidProof();

    constructor(IERC20 token_) {
        token = token_;
    }

    function open(uint256 round, bytes32 root) external {
        rootOf[round] = root;
    }

    function claim(uint256 round, uint256 index, address payee, uint256 amount, bytes32[] calldata proof) external {
        if (_claimed[round].get(index)) revert AlreadyClaimed();
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(index, payee, amount))));
        if (!MerkleProof.verifyCalldata(proof, rootOf[round], leaf)) revert InvalidProof();
        _claimed[round].set(index);
        token.safeTransfer(payee, amount);
        emit Claimed(round, index, payee, amount);
    }
}
