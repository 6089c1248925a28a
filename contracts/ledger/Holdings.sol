// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC1155MetadataURI} from "@openzeppelin/contracts/token/ERC1155/extensions/IERC1155MetadataURI.sol";
import {ERC1155Utils} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Utils.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Callers} from "../access/Callers.sol";
import {Approvals} from "./Approvals.sol";
import {OK} from "./Codes.sol";
import {Moves} from "./Moves.sol";
import {Position} from "./Position.sol";
import {ProjectWord} from "./ProjectWord.sol";
import {Restrictions} from "./Restrictions.sol";
import {Move, PositionSlot} from "./Store.sol";

/// @title ERC-1155 over packed positions. All rules of a transfer are in {_update}.
abstract contract Holdings is
    Restrictions,
    Approvals,
    ReentrancyGuardTransient,
    IERC1155MetadataURI,
    IERC1155Errors
{
    /// @inheritdoc IERC1155
    function balanceOf(address account, uint256 id) public view returns (uint256) {
        Position position = _store.positions[id][account].word;
        return position.isExited() ? 0 : position.balance();
    }

    /// @inheritdoc IERC1155
    function balanceOfBatch(address[] calldata accounts, uint256[] calldata ids)
        external
        view
        returns (uint256[] memory balances)
    {
        if (accounts.length != ids.length) revert ERC1155InvalidArrayLength(ids.length, accounts.length);
        balances = new uint256[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) balances[i] = balanceOf(accounts[i], ids[i]);
    }

    /// @notice Where the metadata document of a project is; empty when there is no such project.
    function uri(uint256 id) external view returns (string memory) {
        return _store.facts[id].uri;
    }

    /// @inheritdoc IERC1155
    /// @dev The guard is set around the receiver's hook only, and asked here: nothing else that a transfer calls can call
    /// back. Saves 200 gas where the receiver has no code.
    function safeTransferFrom(address from, address to, uint256 id, uint256 value, bytes calldata data)
        external
        nonReentrantView
    {
        address operator = _msgSender();
        _requireAuthorised(operator, from, to);
        _requireAllowedParties(operator, from, to, id, value);
        _update(from, to, id, value);
        emit TransferSingle(operator, from, to, id, value);
        if (to.code.length != 0) _askReceiver(operator, from, to, id, value, data);
    }

    /// @inheritdoc IERC1155
    /// @dev The same as its entries one after the other, also when an id occurs twice.
    function safeBatchTransferFrom(
        address from,
        address to,
        uint256[] calldata ids,
        uint256[] calldata values,
        bytes calldata data
    ) external nonReentrant {
        if (ids.length != values.length) revert ERC1155InvalidArrayLength(ids.length, values.length);
        address operator = _msgSender();
        _requireAuthorised(operator, from, to);
        if (ids.length != 0) _requireAllowedParties(operator, from, to, ids[0], values[0]);
        for (uint256 i = 0; i < ids.length; ++i) _update(from, to, ids[i], values[i]);
        emit TransferBatch(operator, from, to, ids, values);
        ERC1155Utils.checkOnERC1155BatchReceived(operator, from, to, ids, values, data);
    }

    /// @dev The update hook: every move that a holder makes or allows goes through here, and nothing else does.
    function _update(address from, address to, uint256 projectId, uint256 units) private {
        Move memory move = Move(from, to, projectId, units);
        ProjectWord project = _store.projects[projectId];
        PositionSlot storage senderSlot = _store.positions[projectId][from];
        PositionSlot storage receiverSlot = _store.positions[projectId][to];
        (Position sender, Position receiver) = (senderSlot.word, receiverSlot.word);
        uint8 code = _restrictionOfMove(project, sender, receiver, move);
        if (code != OK) _refuse(code, from, to, projectId, units);
        uint256 balance = sender.balance();
        if (units > balance) revert ERC1155InsufficientBalance(from, balance, units, projectId);
        if (units == 0 || from == to) return;
        (senderSlot.word, receiverSlot.word) = Moves.carryOut(_store, project, sender, receiver, move);
    }

    function _askReceiver(address operator, address from, address to, uint256 id, uint256 value, bytes calldata data)
        private
        nonReentrant
    {
        ERC1155Utils.checkOnERC1155Received(operator, from, to, id, value, data);
    }

    function _requireAuthorised(address operator, address from, address to) private view {
        if (to == address(0)) revert ERC1155InvalidReceiver(to);
        if (operator != from && !isApprovedForAll[from][operator]) {
            revert ERC1155MissingApprovalForAll(operator, from);
        }
    }

    function _requireAllowedParties(address operator, address from, address to, uint256 projectId, uint256 units)
        private
        view
    {
        uint8 code = _restrictionOfParties(operator, from, to);
        if (code != OK) _refuse(code, from, to, projectId, units);
    }
}
