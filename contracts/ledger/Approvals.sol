// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Callers} from "../access/Callers.sol";
import {ToldNonces} from "../access/ToldNonces.sol";
import {ITerraLuminaOwnership} from "../ITerraLuminaOwnership.sol";
import {Signatures} from "./Signatures.sol";

/// @title Who may move a holder's units: by the holder's transaction, or by a signature that anyone may send.
abstract contract Approvals is ITerraLuminaOwnership, IERC1155, Callers, EIP712, ToldNonces {
    bytes32 private constant PERMIT_TYPEHASH =
        keccak256("PermitForAll(address owner,address operator,bool approved,uint256 nonce,uint256 deadline)");

    /// @inheritdoc IERC1155
    mapping(address owner => mapping(address operator => bool)) public override isApprovedForAll;

    /// @notice The EIP-712 domain of approvals and of mint vouchers.
    constructor() EIP712("TerraLuminaOwnership", "1") {}

    /// @inheritdoc IERC1155
    function setApprovalForAll(address operator, bool approved) external {
        _approve(_msgSender(), operator, approved);
    }

    /// @inheritdoc ITerraLuminaOwnership
    function permitForAll(address owner, address operator, bool approved, uint256 deadline, bytes calldata signature)
        external
    {
        if (block.timestamp > deadline) revert SignatureExpired(deadline);
        bytes32 digest = _hashTypedDataV4(
            keccak256(abi.encode(PERMIT_TYPEHASH, owner, operator, approved, _useNonce(owner), deadline))
        );
        Signatures.requireOwner(owner, digest, signature);
        _approve(owner, operator, approved);
    }

    function _approve(address owner, address operator, bool approved) private {
        if (operator == address(0)) revert IERC1155Errors.ERC1155InvalidOperator(operator);
        isApprovedForAll[owner][operator] = approved;
        emit ApprovalForAll(owner, operator, approved);
    }
}
